namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>Numbers in buffers, without a temporary array.</summary>
internal static class LittleEndian
{
    /// <summary>Writes the 4 bytes of a number, the lowest first.</summary>
    public static void WriteInt32(byte[] buffer, int offset, int value)
    {
        buffer[offset] = (byte)value;
        buffer[offset + 1] = (byte)(value >> 8);
        buffer[offset + 2] = (byte)(value >> 16);
        buffer[offset + 3] = (byte)(value >> 24);
    }
}
