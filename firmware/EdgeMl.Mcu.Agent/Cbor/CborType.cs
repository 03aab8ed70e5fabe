namespace EdgeMl.Mcu.Agent.Cbor;

/// <summary>What the next data item of a <see cref="CborReader"/> is. The first seven values are CBOR's major types.</summary>
public enum CborType : byte
{
    /// <summary>An integer, 0 or more.</summary>
    Unsigned = 0,

    /// <summary>An integer below 0.</summary>
    Negative = 1,

    /// <summary>A byte string.</summary>
    Bytes = 2,

    /// <summary>A text string.</summary>
    Text = 3,

    /// <summary>An array.</summary>
    Array = 4,

    /// <summary>A map.</summary>
    Map = 5,

    /// <summary>A tag; the item that it is for follows.</summary>
    Tag = 6,

    /// <summary>False or true.</summary>
    Bool = 7,

    /// <summary>The value null.</summary>
    Null = 8,

    /// <summary>There is no item: the range ends here, or a read has failed.</summary>
    None = 9,

    /// <summary>An item that the reader refuses: floating-point, undefined, another simple value, or a reserved or indefinite-length head.</summary>
    Refused = 10,
}
