namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>Flags of a packet.</summary>
[Flags]
public enum WireBits : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>No answer is wanted.</summary>
    NonCritical = 0x0001,

    /// <summary>The packet answers another one.</summary>
    Reply = 0x0002,

    /// <summary>A packet came whose header is damaged.</summary>
    BadHeader = 0x0004,

    /// <summary>A packet came whose payload is damaged.</summary>
    BadPayload = 0x0008,

    /// <summary>The answer must not come from a cache.</summary>
    NoCaching = 0x2000,

    /// <summary>The command was not carried out.</summary>
    NegativeAcknowledge = 0x4000,

    /// <summary>The command was carried out.</summary>
    Acknowledge = 0x8000,
}
