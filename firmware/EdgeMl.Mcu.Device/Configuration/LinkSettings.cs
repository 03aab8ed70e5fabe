namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>The serial port of the bench link.</summary>
public sealed class LinkSettings
{
    /// <summary>Most characters of a port's name.</summary>
    public const int PortLengthMax = 16;

    /// <summary>Port as the board names it, such as <c>COM2</c>; key 0.</summary>
    public string Port { get; set; } = "";

    /// <summary>Baud rate, 9,600 to 3,000,000; key 1.</summary>
    public int BaudRate { get; set; } = 115_200;

    /// <summary>Pin that the board sends on, 0 to 255, or <see cref="SensorSettings.DefaultPin"/>; key 2.</summary>
    public int TransmitPin { get; set; } = SensorSettings.DefaultPin;

    /// <summary>Pin that the board receives on, 0 to 255, or <see cref="SensorSettings.DefaultPin"/>; key 3.</summary>
    public int ReceivePin { get; set; } = SensorSettings.DefaultPin;
}
