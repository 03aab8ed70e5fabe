namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>What a board says of itself.</summary>
/// <param name="Name">Target, such as <c>ESP32_S3</c>.</param>
/// <param name="Platform">Platform, such as <c>ESP32</c>.</param>
/// <param name="Description">Text of the firmware's build.</param>
/// <param name="ClrVersion">Version of nanoCLR.</param>
/// <param name="BooterVersion">Version of nanoBooter.</param>
/// <param name="RunsClr">True where nanoCLR answers, false for nanoBooter.</param>
/// <param name="PayloadMax">Most bytes of a packet's payload.</param>
public sealed record WireBoard(string Name, string Platform, string Description, Version ClrVersion, Version BooterVersion, bool RunsClr, int PayloadMax)
{
    /// <summary>True where the CLR is there and its program has ended, failed, or could not be loaded.</summary>
    public bool ProgramHasEnded { get; init; }
}

/// <summary>A range of equal flash sectors.</summary>
/// <param name="Address">Address of the first.</param>
/// <param name="Count">Number of sectors.</param>
/// <param name="SectorBytes">Bytes of one.</param>
/// <param name="Flags">Usage in bits 4 to 7, media attributes in bits 8 to 15.</param>
public sealed record FlashRange(uint Address, int Count, int SectorBytes, uint Flags)
{
    private const uint UsageMask = 0xF0;
    private const uint FileSystem = 0x40;
    private const uint Deployment = 0x50;
    private const int WidthShift = 9;

    /// <summary>Whether applications are deployed here.</summary>
    public bool IsDeployment => (Flags & UsageMask) == Deployment;

    /// <summary>Whether the firmware keeps files here.</summary>
    public bool IsFileSystem => (Flags & UsageMask) == FileSystem;

    /// <summary>Bytes that are programmed at a time, from the programming width in the flags.</summary>
    public int ProgramBytes => ((Flags >> WidthShift) & 0x3F) switch { 0 => 1, 1 => 8, 2 => 16, 4 => 32, 8 => 64, 16 => 128, 32 => 256, _ => 1 };

    /// <summary>Bytes of the whole range.</summary>
    public long Bytes => (long)Count * SectorBytes;
}

/// <summary>An assembly that runs on a board.</summary>
/// <param name="Name">Name.</param>
/// <param name="Version">Version.</param>
public sealed record BoardAssembly(string Name, Version Version);
