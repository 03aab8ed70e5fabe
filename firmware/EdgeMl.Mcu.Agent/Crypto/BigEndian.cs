namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>32-bit numbers, most significant byte first.</summary>
internal static class BigEndian
{
    internal static uint Read(byte[] data, int offset)
    {
        return ((uint)data[offset] << 24) | ((uint)data[offset + 1] << 16) | ((uint)data[offset + 2] << 8) | data[offset + 3];
    }

    internal static void Write(uint value, byte[] data, int offset)
    {
        data[offset] = (byte)(value >> 24);
        data[offset + 1] = (byte)(value >> 16);
        data[offset + 2] = (byte)(value >> 8);
        data[offset + 3] = (byte)value;
    }
}
