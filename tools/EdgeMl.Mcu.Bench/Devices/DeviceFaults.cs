namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>What goes wrong with a virtual device. Nothing by default.</summary>
public sealed record DeviceFaults
{
    /// <summary>No faults.</summary>
    public static DeviceFaults None { get; } = new();

    /// <summary>Chance from 0 to 1 that a message is lost, in each direction.</summary>
    public double Loss { get; init; }

    /// <summary>Chance from 0 to 1 that a message comes twice, in each direction.</summary>
    public double Duplication { get; init; }

    /// <summary>Chance from 0 to 1 that a message is overtaken by the next one in its direction.</summary>
    public double Reordering { get; init; }

    /// <summary>Mean number of storage operations from one power cut to the next, 0 for no cuts.</summary>
    public int OperationsPerPowerCut { get; init; }

    /// <summary>Chance from 0 to 1 at each step that the device goes offline.</summary>
    public double GoingOffline { get; init; }

    /// <summary>How long it stays offline at most.</summary>
    public TimeSpan OfflineMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Chance from 0 to 1 at each step that the device's clock jumps.</summary>
    public double ClockJump { get; init; }

    /// <summary>How far the clock jumps, back or forth.</summary>
    public TimeSpan ClockJumpMax { get; init; } = TimeSpan.FromDays(3652);
}
