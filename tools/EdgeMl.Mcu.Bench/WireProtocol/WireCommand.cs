namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>The commands of nanoFramework's serial debug protocol that this client uses.</summary>
public enum WireCommand : uint
{
    /// <summary>Who is there. Payload: source, flags.</summary>
    Ping = 0x00,

    /// <summary>Text of the program's debug output, from the device.</summary>
    Message = 0x01,

    /// <summary>Write bytes at an address in erased flash.</summary>
    WriteMemory = 0x03,

    /// <summary>CRC-32 of a range of memory.</summary>
    CheckMemory = 0x04,

    /// <summary>Erase the sectors of a range.</summary>
    EraseMemory = 0x05,

    /// <summary>Restart.</summary>
    Reboot = 0x07,

    /// <summary>RAM and flash of the device.</summary>
    MemoryMap = 0x08,

    /// <summary>The program has ended, from the device.</summary>
    ProgramExit = 0x09,

    /// <summary>What each flash sector is for.</summary>
    FlashSectorMap = 0x0C,

    /// <summary>Write, append to or delete a file.</summary>
    StorageOperation = 0x11,

    /// <summary>Versions and names of booter, CLR and target.</summary>
    TargetInfo = 0x20,

    /// <summary>Set and reset states of the execution engine.</summary>
    ChangeConditions = 0x20001,

    /// <summary>What the CLR can do.</summary>
    QueryClrCapabilities = 0x20008,

    /// <summary>Indices of the loaded assemblies.</summary>
    Assemblies = 0x20040,

    /// <summary>Name and version of a loaded assembly.</summary>
    ResolveAssembly = 0x20050,
}
