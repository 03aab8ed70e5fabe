using System;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Agent.Results;

/// <summary>
/// One cell of a results file: uint32 CRC-32 of the rest, uint8 kind, uint8 zero, uint16 length of the body, int64 sequence number, body. Little-endian. The last
/// cell of a file may be short.
/// </summary>
internal static class ResultCell
{
    /// <summary>A file begins with it: its sequence number is that of the next record, its body the generation of the file.</summary>
    internal const int Header = 1;

    /// <summary>A result; the body is the record in CBOR.</summary>
    internal const int Record = 2;

    /// <summary>The policy; the body is the generation of its file and the policy in CBOR.</summary>
    internal const int Policy = 3;

    /// <summary>Bytes before the body.</summary>
    internal const int HeadBytes = 16;

    private const int KindOffset = 4;
    private const int LengthOffset = 6;
    private const int SequenceOffset = 8;

    /// <summary>Completes a cell in a buffer, whose body is there.</summary>
    internal static void Seal(byte[] buffer, int offset, int kind, long sequence, int length)
    {
        buffer[offset + KindOffset] = (byte)kind;
        buffer[offset + KindOffset + 1] = 0;
        buffer[offset + LengthOffset] = (byte)length;
        buffer[offset + LengthOffset + 1] = (byte)(length >> 8);
        LittleEndian.WriteInt32(buffer, offset + SequenceOffset, (int)sequence);
        LittleEndian.WriteInt32(buffer, offset + SequenceOffset + 4, (int)(sequence >> 32));
        LittleEndian.WriteInt32(buffer, offset, (int)Crc32.Compute(buffer, offset + KindOffset, HeadBytes - KindOffset + length));
    }

    /// <summary>Reads a cell of a file.</summary>
    /// <returns>Its kind, or 0 where it is not whole.</returns>
    internal static int Read(FileStore store, int file, int position, byte[] buffer, int offset, int cellBytes)
    {
        if (!store.Read(file, position, buffer, offset, HeadBytes))
            return 0;
        int length = Length(buffer, offset);
        if (length > cellBytes - HeadBytes || !store.Read(file, position + HeadBytes, buffer, offset + HeadBytes, length))
            return 0;
        bool isWhole = BitConverter.ToInt32(buffer, offset) == (int)Crc32.Compute(buffer, offset + KindOffset, HeadBytes - KindOffset + length);
        return isWhole ? buffer[offset + KindOffset] : 0;
    }

    internal static int Length(byte[] buffer, int offset)
    {
        return BitConverter.ToUInt16(buffer, offset + LengthOffset);
    }

    internal static long Sequence(byte[] buffer, int offset)
    {
        return BitConverter.ToInt64(buffer, offset + SequenceOffset);
    }
}
