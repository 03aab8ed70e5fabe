namespace nanoFramework.Hardware.Stm32;

public static class Utilities
{
    public static byte[] UniqueDeviceId => throw null;
    public static uint DeviceId => throw null;
    public static uint DeviceRevisionId => throw null;
}
