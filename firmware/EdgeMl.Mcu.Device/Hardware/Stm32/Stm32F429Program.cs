using EdgeMl.Mcu.Device.Hardware.Common;

namespace EdgeMl.Mcu.Device.Hardware.Stm32;

/// <summary>The program of the STM32F429I-DISCO.</summary>
public static class Stm32F429Program
{
    /// <summary>Runs for as long as the device does.</summary>
    public static void Main()
    {
        DeviceProgram.Run(new Stm32F429Board());
    }
}
