namespace EdgeMl.Mcu.Link.Framing;

/// <summary>
/// CRC-16/IBM-SDLC (ITU-T X.25): polynomial 0x1021 reflected, initial value 0xFFFF, input and output reflected, final xor 0xFFFF; 0x906E of the nine bytes <c>123456789</c>.
/// </summary>
public static class Crc16
{
    private static readonly ushort[] Table =
    {
        0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285, 0x6306, 0x7387,
        0x8408, 0x9489, 0xA50A, 0xB58B, 0xC60C, 0xD68D, 0xE70E, 0xF78F,
    };

    /// <summary>The checksum of <paramref name="count"/> bytes from <paramref name="offset"/>, 0 to 65,535.</summary>
    public static int Compute(byte[] data, int offset, int count)
    {
        ushort[] table = Table;
        int crc = 0xFFFF;
        int end = offset + count;
        for (int i = offset; i < end; i++)
        {
            crc ^= data[i];
            crc = (crc >> 4) ^ table[crc & 15];
            crc = (crc >> 4) ^ table[crc & 15];
        }
        return crc ^ 0xFFFF;
    }
}
