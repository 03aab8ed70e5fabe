namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>What the device application finds on a board with its standard firmware.</summary>
/// <param name="Application">Name of the application's project.</param>
/// <param name="Storage">Where slots, journal and configuration lie, and what makes them durable.</param>
/// <param name="Updates">Whether models can be updated over the network.</param>
/// <param name="Network"><c>wifi</c>, <c>ethernet</c> or <c>none</c>.</param>
/// <param name="Link">Serial port, and pins where they can be chosen, of the bench link.</param>
/// <param name="WireProtocol">Where nanoFramework's debug protocol is spoken.</param>
/// <param name="Sleep">What deep sleep there is, and what survives it.</param>
/// <param name="Watchdog">What restarts a board that hangs.</param>
/// <param name="Source">Where all this comes from.</param>
/// <param name="Drive">The drive, such as <c>I:</c>; null where there is none.</param>
/// <param name="StorageBytes">Bytes of the drive; null where that is not fixed, or there is none.</param>
public sealed record BoardDevice(
    string Application, string Storage, bool Updates, string Network, string Link, string WireProtocol, string Sleep, string Watchdog, string Source,
    string? Drive = null, long? StorageBytes = null)
{
    /// <summary>Values of <see cref="Network"/>.</summary>
    public static IReadOnlyList<string> Networks { get; } = ["wifi", "ethernet", "none"];
}
