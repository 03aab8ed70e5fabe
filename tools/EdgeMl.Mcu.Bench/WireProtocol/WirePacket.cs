using System.Buffers.Binary;

namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A packet: 32 bytes of header, then the payload. Little-endian.</summary>
/// <param name="Command">What it is about.</param>
/// <param name="Sequence">The sender's number of it.</param>
/// <param name="ReplyTo">Number of the packet that it answers, 0 for none.</param>
/// <param name="Flags">Flags.</param>
/// <param name="Payload">Content.</param>
/// <remarks>
/// Header: marker <c>NFPKTV1\0</c>, CRC of the header with this field 0, CRC of the payload, command, sequence (16 bits), sequence answered (16 bits), flags, bytes of the payload.
/// </remarks>
public sealed record WirePacket(WireCommand Command, ushort Sequence, ushort ReplyTo, WireBits Flags, byte[] Payload)
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderSize = 32;

    /// <summary>Most bytes of a payload that any firmware takes.</summary>
    public const int PayloadMax = 1024;

    private const int HeaderCrcOffset = 8;
    private const int PayloadCrcOffset = 12;
    private const int CommandOffset = 16;
    private const int SequenceOffset = 20;
    private const int ReplyToOffset = 22;
    private const int FlagsOffset = 24;
    private const int SizeOffset = 28;

    /// <summary>The marker at the begin of every packet.</summary>
    public static ReadOnlySpan<byte> Marker => "NFPKTV1\0"u8;

    /// <summary>Whether it answers the packet of that number.</summary>
    public bool Answers(ushort sequence) => Flags.HasFlag(WireBits.Reply) && ReplyTo == sequence;

    /// <summary>The packet's bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderSize + Payload.Length];
        Span<byte> header = bytes.AsSpan(0, HeaderSize);
        Marker.CopyTo(header);
        Put(header, PayloadCrcOffset, WireCrc32.Compute(Payload));
        Put(header, CommandOffset, (uint)Command);
        BinaryPrimitives.WriteUInt16LittleEndian(header[SequenceOffset..], Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(header[ReplyToOffset..], ReplyTo);
        Put(header, FlagsOffset, (uint)Flags);
        Put(header, SizeOffset, (uint)Payload.Length);
        Put(header, HeaderCrcOffset, WireCrc32.Compute(header));
        Payload.CopyTo(bytes.AsSpan(HeaderSize));
        return bytes;
    }

    /// <summary>Bytes of the payload that a header announces, or -1 where the header is damaged.</summary>
    internal static int PayloadSize(ReadOnlySpan<byte> header)
    {
        Span<byte> copy = stackalloc byte[HeaderSize];
        header[..HeaderSize].CopyTo(copy);
        Put(copy, HeaderCrcOffset, 0);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[SizeOffset..]);
        // A firmware built without checksums leaves them 0.
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(header[HeaderCrcOffset..]);
        return size <= PayloadMax && (crc == 0 || WireCrc32.Compute(copy) == crc) ? (int)size : -1;
    }

    /// <summary>The packet of a header whose payload has come, or null where the payload is damaged.</summary>
    internal static WirePacket? Parse(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        uint headerCrc = BinaryPrimitives.ReadUInt32LittleEndian(header[HeaderCrcOffset..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(header[PayloadCrcOffset..]);
        if ((headerCrc != 0 || crc != 0) && WireCrc32.Compute(payload) != crc)
            return null;
        return new WirePacket(
            (WireCommand)BinaryPrimitives.ReadUInt32LittleEndian(header[CommandOffset..]), BinaryPrimitives.ReadUInt16LittleEndian(header[SequenceOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[ReplyToOffset..]), (WireBits)BinaryPrimitives.ReadUInt32LittleEndian(header[FlagsOffset..]), payload.ToArray());
    }

    private static void Put(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
}
