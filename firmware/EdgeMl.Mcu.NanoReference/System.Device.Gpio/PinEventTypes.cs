namespace System.Device.Gpio;

[Flags]
public enum PinEventTypes
{
    None = 0x00,
    Rising = 0x01,
    Falling = 0x02,
}
