namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>What the test wants a device to run.</summary>
internal sealed record TestOrder(TestModel? Model)
{
    /// <summary>Model that the delta is against, and the delta.</summary>
    public (TestModel Base, byte[] Delta)? Delta { get; init; }

    public byte[]? WrappedKey { get; init; }

    public byte[][] Rotations { get; init; } = [];

    public bool IsRollback { get; init; }

    /// <summary>Encoded policy.</summary>
    public byte[]? Policy { get; init; }

    public long Time { get; init; } = 1_800_000_000;

    public int ChunkSize { get; init; } = 1024;

    /// <summary>Gives a new attempt when one has failed or was refused.</summary>
    public bool IsRetried { get; init; }
}
