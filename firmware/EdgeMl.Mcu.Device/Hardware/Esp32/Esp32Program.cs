using EdgeMl.Mcu.Device.Hardware.Common;

namespace EdgeMl.Mcu.Device.Hardware.Esp32;

/// <summary>The program of the ESP32s.</summary>
public static class Esp32Program
{
    /// <summary>Runs for as long as the device does.</summary>
    public static void Main()
    {
        DeviceProgram.Run(new Esp32Board());
    }
}
