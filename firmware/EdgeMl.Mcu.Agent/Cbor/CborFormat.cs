namespace EdgeMl.Mcu.Agent.Cbor;

/// <summary>Encoded values of CBOR (RFC 8949, section 3).</summary>
internal static class CborFormat
{
    /// <summary>Additional information: the argument is in the next byte. The next three values say 2, 4 and 8 bytes.</summary>
    internal const int OneByte = 24;

    /// <summary>Initial byte of false.</summary>
    internal const int False = 0xF4;

    /// <summary>Initial byte of true.</summary>
    internal const int True = 0xF5;

    /// <summary>Initial byte of null.</summary>
    internal const int Null = 0xF6;

    /// <summary>Bytes that an argument, 0 or more, takes after the initial byte: 0, 1, 2, 4 or 8.</summary>
    internal static int ArgumentSize(long argument)
    {
        return argument < OneByte ? 0 : argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFFFFFFL ? 4 : 8;
    }
}
