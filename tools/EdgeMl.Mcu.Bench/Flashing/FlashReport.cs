using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Bench.Flashing;

/// <summary>What was put on a board.</summary>
/// <param name="Port">Serial port.</param>
/// <param name="Board">What the board says of itself.</param>
/// <param name="Assemblies">The assemblies that the restarted board has loaded from the deployment.</param>
/// <param name="Regions">Room used.</param>
/// <param name="Model">The model file, or null where none was given.</param>
public sealed record FlashReport(string Port, WireBoard Board, IReadOnlyList<BoardAssembly> Assemblies, IReadOnlyList<FlashRegion> Regions, FlashedFile? Model)
{
    /// <summary>What had to be erased and written, or null where no application was given.</summary>
    public DeploymentResult? Deployment { get; init; }

    /// <summary>True where the program ran after the restart, false where it had ended already.</summary>
    public bool IsRunning { get; init; }

    /// <summary>What the application answered over the bench link, or null without one.</summary>
    public string? Hello { get; init; }
}

/// <summary>Room in a region of a board.</summary>
/// <param name="Name">Region.</param>
/// <param name="UsedBytes">Bytes used.</param>
/// <param name="LimitBytes">Bytes there are.</param>
public sealed record FlashRegion(string Name, long UsedBytes, long LimitBytes)
{
    /// <summary>Part used, 0 to 100.</summary>
    public double Percent => LimitBytes == 0 ? 0 : 100.0 * UsedBytes / LimitBytes;
}

/// <summary>A file on a board.</summary>
/// <param name="Path">Path on the board.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record FlashedFile(string Path, int Bytes);
