using EdgeMl.Mcu.Device.Hardware.Common;

namespace EdgeMl.Mcu.Device.Hardware.Stm32;

/// <summary>The program of the STM32F769I-DISCO.</summary>
public static class Stm32F769Program
{
    /// <summary>Runs for as long as the device does.</summary>
    public static void Main()
    {
        DeviceProgram.Run(new Stm32F769Board());
    }
}
