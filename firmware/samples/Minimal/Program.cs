using System;
using System.Device.Adc;
using System.Device.Gpio;
using System.IO;
using System.Threading;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;

namespace EdgeMl.Mcu.Samples.Minimal;

/// <summary>Toggles an output when a hand passes over a light sensor.</summary>
public static class Program
{
    private const int Window = 32, Hop = 8, StepMilliseconds = 20;

    public static void Main()
    {
        PackedKernels.Install();
        var interpreter = new Interpreter(Model.Load(File.ReadAllBytes("I:\\model.emlm")));
        AdcChannel light = new AdcController().OpenChannel(0);
        GpioPin lamp = new GpioController().OpenPin(2, PinMode.Output);
        var counts = new float[Window];
        var scores = new sbyte[2];
        bool wasWave = false;
        for (int seen = Hop; ; seen = seen < Window ? seen + Hop : Window)
        {
            Array.Copy(counts, Hop, counts, 0, Window - Hop);
            for (int i = Window - Hop; i < Window; i++, Thread.Sleep(StepMilliseconds))
                counts[i] = light.ReadValue();
            interpreter.SetInput(0, counts);
            interpreter.Invoke();
            interpreter.GetOutput(0, scores);
            bool isWave = seen == Window && scores[1] > scores[0];
            if (isWave && !wasWave)
                lamp.Toggle();
            wasWave = isWave;
        }
    }
}
