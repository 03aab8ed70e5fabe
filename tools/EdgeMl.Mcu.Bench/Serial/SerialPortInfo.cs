namespace EdgeMl.Mcu.Bench.Serial;

/// <summary>A serial port that is connected.</summary>
/// <param name="Name">What <see cref="SerialPort.Open"/> takes.</param>
/// <param name="VendorId">USB vendor, or null where it is no USB port or the system does not say.</param>
/// <param name="ProductId">USB product, or null.</param>
/// <param name="SerialNumber">The USB device's serial number, or null.</param>
/// <param name="Product">The USB device's own name, or null.</param>
public sealed record SerialPortInfo(string Name, int? VendorId = null, int? ProductId = null, string? SerialNumber = null, string? Product = null)
{
    /// <summary>What the port probably is, or null where the USB ids are unknown.</summary>
    public string? Guess => UsbDevices.Guess(VendorId, ProductId);
}
