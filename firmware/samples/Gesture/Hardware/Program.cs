using System.Device.Gpio;
using System.Diagnostics;
using System.IO;
using System.Threading;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;
using nanoFramework.Hardware.Esp32;

namespace EdgeMl.Mcu.Samples.Gesture.Hardware;

/// <summary>Blinks once for a shake, twice for a circle, three times for a chop.</summary>
public static class Program
{
    private const int BlinkMilliseconds = 80;

    public static void Main()
    {
        Configuration.SetPinFunction(21, DeviceFunction.I2C1_DATA);
        Configuration.SetPinFunction(22, DeviceFunction.I2C1_CLOCK);
        PackedKernels.Install();
        var detector = new GestureDetector(Model.Load(File.ReadAllBytes("I:\\model.emlm")));
        var sensor = new Mpu6050(1);
        GpioPin lamp = new GpioController().OpenPin(2, PinMode.Output);
        int edges = 0;
        int untilEdge = 0;
        while (true)
        {
            // A sample comes every 20 ms; the sensor says when.
            if (!sensor.TryRead())
            {
                Thread.Sleep(2);
                continue;
            }
            GestureKind gesture = detector.Add(sensor.X, sensor.Y, sensor.Z);
            if (gesture != GestureKind.None)
            {
                Debug.WriteLine("gesture " + (int)gesture);
                edges = 2 * (int)gesture;
            }
            // Four samples are 80 ms: the lamp does not keep the loop from the sensor.
            if (edges > 0 && --untilEdge <= 0)
            {
                lamp.Toggle();
                edges--;
                untilEdge = BlinkMilliseconds / 20;
            }
        }
    }
}
