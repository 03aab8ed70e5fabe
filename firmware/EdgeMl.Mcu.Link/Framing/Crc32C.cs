using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Link.Framing;

/// <summary>
/// CRC-32C of Castagnoli (RFC 3720, appendix B.4: reflected polynomial 0x82F63B78, initial value and final xor all ones), with a table of 16 entries; 0xE3069283 of the nine bytes <c>123456789</c>.
/// </summary>
/// <remarks>A model file ends with its own CRC-32 of IEEE 802.3, so the one of the whole file is the same number for every model and tells nothing.</remarks>
public static class Crc32C
{
    private static readonly uint[] Table =
    {
        0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
        0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
    };

    /// <summary>The checksum of bytes whose checksum is known, 0 for none, and <paramref name="count"/> more.</summary>
    public static uint Append(uint checksum, byte[] data, int offset, int count)
    {
        return Crc32.Append(Table, checksum, data, offset, count);
    }
}
