namespace EdgeMl.Mcu.Runtime.Format;

/// <summary>CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320, initial value and final xor all ones), with a table of 16 entries.</summary>
public static class Crc32
{
    private static readonly uint[] Table =
    {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };

    /// <summary>The checksum of <paramref name="count"/> bytes from <paramref name="offset"/>.</summary>
    public static uint Compute(byte[] data, int offset, int count)
    {
        return Append(0, data, offset, count);
    }

    /// <summary>The checksum of bytes whose checksum is known, 0 for none, and <paramref name="count"/> more.</summary>
    public static uint Append(uint checksum, byte[] data, int offset, int count)
    {
        return Append(Table, checksum, data, offset, count);
    }

    /// <summary>The same by another reflected polynomial, with initial value and final xor all ones, too.</summary>
    /// <param name="table">Checksums of the 16 values of four bits.</param>
    /// <param name="checksum">Checksum of the bytes before, 0 for none.</param>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    public static uint Append(uint[] table, uint checksum, byte[] data, int offset, int count)
    {
        uint crc = ~checksum;
        int end = offset + count;
        for (int i = offset; i < end; i++)
        {
            crc ^= data[i];
            crc = (crc >> 4) ^ table[crc & 15];
            crc = (crc >> 4) ^ table[crc & 15];
        }
        return ~crc;
    }

    /// <summary>The checksum of the first <paramref name="count"/> bytes of a source.</summary>
    /// <param name="source">At least as long as <paramref name="count"/>.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <param name="buffer">Holds what is read at once; its content is lost.</param>
    /// <param name="checksum">The checksum.</param>
    /// <returns>False where the source could not be read.</returns>
    public static bool TryCompute(ByteSource source, int count, byte[] buffer, out uint checksum)
    {
        checksum = 0;
        int size = buffer.Length;
        for (int offset = 0; offset < count; offset += size)
        {
            int part = count - offset < size ? count - offset : size;
            if (!source.Read(offset, buffer, 0, part))
                return false;
            checksum = Append(checksum, buffer, 0, part);
        }
        return true;
    }
}
