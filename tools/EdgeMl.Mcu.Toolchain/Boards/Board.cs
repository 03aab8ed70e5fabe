namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>A microcontroller board with nanoFramework firmware: a file of <c>hardware/boards</c>.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Aliases">Other names: modules, firmware targets.</param>
/// <param name="Chip">Microcontroller, cores and memories.</param>
/// <param name="Firmware">Name of the nanoFramework target.</param>
/// <param name="ClockHz">Clock of the core that the interpreter runs on.</param>
/// <param name="FlashBytes">Flash for deployed assemblies.</param>
/// <param name="FlashSource">Where the number comes from.</param>
/// <param name="HeapBytes">The whole managed heap, what the firmware itself takes of it included.</param>
/// <param name="HeapSource">Where the number comes from.</param>
/// <param name="NanosecondsPerIl">Time of a plain IL instruction.</param>
/// <param name="SpeedSource">Where the number comes from; begins with <c>measured</c> or <c>estimated</c>.</param>
/// <param name="Notes">What else matters, or null.</param>
/// <param name="FirmwareInterface">How firmware comes onto it, one of <see cref="FirmwareInterfaces"/>; null for the serial port.</param>
/// <param name="Device">What the device application finds on it; null where there is no application for it.</param>
public sealed record Board(
    string Name, IReadOnlyList<string> Aliases, string Chip, string Firmware, long ClockHz, long FlashBytes, string FlashSource, long HeapBytes, string HeapSource,
    double NanosecondsPerIl, string SpeedSource, string? Notes = null, string? FirmwareInterface = null, BoardDevice? Device = null);
