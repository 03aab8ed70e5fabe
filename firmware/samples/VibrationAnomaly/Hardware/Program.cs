using System;
using System.Device.Adc;
using System.Device.Gpio;
using System.Diagnostics;
using System.IO;
using System.Threading;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Packed;

namespace EdgeMl.Mcu.Samples.VibrationAnomaly.Hardware;

/// <summary>Looks at a machine's vibration once a second and switches an output while it is not as it should be.</summary>
public static class Program
{
    private const int SamplesPerSecond = 1024;
    private const int PauseMilliseconds = 750;

    public static void Main()
    {
        PackedKernels.Install();
        var detector = new AnomalyDetector(Model.Load(File.ReadAllBytes("I:\\model.emlm")));
        AdcChannel sensor = new AdcController().OpenChannel(0);
        GpioPin alarm = new GpioController().OpenPin(2, PinMode.Output);
        var samples = new short[SpectralFeatures.Length];
        while (true)
        {
            Sample(sensor, samples);
            detector.Add(samples);
            alarm.Write(detector.IsAlarm);
            Debug.WriteLine("score " + detector.Score + (detector.IsAlarm ? " alarm" : ""));
            Thread.Sleep(PauseMilliseconds);
        }
    }

    // Each sample has its own time, counted from the first: no sample's lateness is passed on to the next.
    private static void Sample(AdcChannel sensor, short[] samples)
    {
        long start = DateTime.UtcNow.Ticks;
        for (int i = 0; i < samples.Length; i++)
        {
            long due = start + (i * TimeSpan.TicksPerSecond / SamplesPerSecond);
            while (DateTime.UtcNow.Ticks < due)
            {
            }
            samples[i] = (short)sensor.ReadValue();
        }
    }
}
