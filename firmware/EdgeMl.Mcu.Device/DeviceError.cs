namespace EdgeMl.Mcu.Device;

/// <summary>
/// What keeps the device application from its work. One byte, in the log and in status messages; a value is never reused. Numbers up to 99 are
/// <see cref="Runtime.Error"/>'s, those from 101 on <see cref="Agent.AgentError"/>'s.
/// </summary>
public enum DeviceError : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>There is no configuration file.</summary>
    ConfigurationMissing = 161,

    /// <summary>The configuration file is shorter or longer than one can be.</summary>
    ConfigurationLength = 162,

    /// <summary>The checksum at the end of the configuration file is not that of its content.</summary>
    ConfigurationChecksum = 163,

    /// <summary>The content of the configuration file is not deterministic CBOR, or a value has another type than its key's.</summary>
    ConfigurationFormat = 164,

    /// <summary>The configuration file has another format number than the one that this application reads.</summary>
    ConfigurationVersion = 165,

    /// <summary>The configuration file lacks a value that has no default.</summary>
    ConfigurationIncomplete = 166,

    /// <summary>A value of the configuration file is out of its range.</summary>
    ConfigurationValue = 167,
}
