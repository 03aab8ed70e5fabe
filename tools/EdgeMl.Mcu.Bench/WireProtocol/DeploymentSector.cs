namespace EdgeMl.Mcu.Bench.WireProtocol;

/// <summary>A flash sector and what it shall hold.</summary>
/// <param name="Address">Address.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Alignment">Bytes that are programmed at a time.</param>
/// <param name="Data">The begin of its content; the rest is erased.</param>
internal sealed record DeploymentSector(uint Address, int Bytes, int Alignment, ReadOnlyMemory<byte> Data)
{
    private const byte Erased = 0xFF;

    /// <summary>The whole content.</summary>
    public byte[] Image()
    {
        byte[] image = new byte[Bytes];
        image.AsSpan(Data.Length).Fill(Erased);
        Data.CopyTo(image);
        return image;
    }
}
