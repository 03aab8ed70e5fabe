using System.Buffers.Binary;
using System.Text;

namespace EdgeMl.Mcu.Bench.Link;

/// <summary>An answer of a device, read from its begin to its end.</summary>
/// <param name="status">0, or the number of an error.</param>
/// <param name="payload">The payload.</param>
internal sealed class LinkAnswer(int status, byte[] payload)
{
    private int _place;

    /// <summary>0, or the number of an error.</summary>
    public int Status { get; } = status;

    /// <summary>Whether all was read.</summary>
    public bool IsAtEnd => _place == payload.Length;

    /// <summary>The rest of the payload.</summary>
    public byte[] Rest() => Take(payload.Length - _place).ToArray();

    /// <summary>One byte.</summary>
    public int Byte() => Take(1)[0];

    /// <summary>Two bytes.</summary>
    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Four bytes.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Eight bytes.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A length in one byte, and as many ASCII characters.</summary>
    public string Text() => Encoding.ASCII.GetString(Take(Byte()));

    /// <summary>A number of bytes.</summary>
    public byte[] Bytes(int count) => Take(count).ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > payload.Length - _place)
            throw new LinkException(LinkErrorCodes.Version, $"An answer of the device ends after {payload.Length} bytes, before it is complete.", "Flash an application of the same release as 'edgeml'.");
        _place += count;
        return payload.AsSpan(_place - count, count);
    }
}
