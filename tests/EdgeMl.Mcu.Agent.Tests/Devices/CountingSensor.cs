using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>A sensor each sample of which begins with its number, from 1. It ends after a number of samples.</summary>
internal sealed class CountingSensor(int samples) : Sensor
{
    public int Samples { get; set; } = samples;

    public int Count { get; private set; }

    public override int IntervalMilliseconds => 1_000;

    public override bool Read(Interpreter interpreter)
    {
        if (Count == Samples)
            return false;
        byte[] values = new byte[interpreter.Model.Input(0).ByteCount];
        Count++;
        for (int i = 0; i < values.Length && i < 4; i++)
            values[i] = (byte)(Count >> (8 * i));
        interpreter.SetInput(0, values);
        return true;
    }
}
