using System;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device.Application;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Link.Ports;
using nanoFramework.Runtime.Native;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>What all boards have: the clock, the heap, serial ports, analogue inputs and I2C.</summary>
public abstract class NanoBoard : BoardPort
{
    private readonly DeviceClock _clock = new UptimeClock();
    private readonly long _entropy = DateTime.UtcNow.Ticks ^ ((long)new Random().Next() << 32) ^ new Random().Next();

    /// <inheritdoc/>
    public override DeviceClock Clock => _clock;

    /// <inheritdoc/>
    public override long Time => DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond;

    /// <inheritdoc/>
    public override long Entropy => _entropy;

    /// <inheritdoc/>
    public override int FreeMemoryBytes => (int)nanoFramework.Runtime.Native.GC.Run(false);

    /// <inheritdoc/>
    public override AnalogInput OpenAnalog(int channel)
    {
        return AdcInput.Open(channel);
    }

    /// <inheritdoc/>
    public override RegisterBus OpenRegisters(SensorSettings settings)
    {
        return I2cRegisters.Open(settings);
    }

    /// <inheritdoc/>
    public override LinkPort OpenLink(LinkSettings settings)
    {
        return UartPort.Open(settings);
    }

    /// <inheritdoc/>
    public override void SleepDeeply(int milliseconds)
    {
    }

    /// <inheritdoc/>
    public override void Reboot()
    {
        Power.RebootDevice();
    }

    /// <inheritdoc/>
    public override void Log(string line)
    {
        Console.WriteLine(line);
    }
}
