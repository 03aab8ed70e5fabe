using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>A sensor that gives random bytes for every input.</summary>
/// <param name="seed">Another one for each device.</param>
/// <param name="intervalMilliseconds">Milliseconds between samples.</param>
public sealed class NoiseSensor(int seed, int intervalMilliseconds) : Sensor
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public override int IntervalMilliseconds => intervalMilliseconds;

    /// <inheritdoc/>
    public override bool Read(Interpreter interpreter)
    {
        for (int i = 0; i < interpreter.Model.InputCount; i++)
        {
            byte[] bytes = new byte[interpreter.Model.Input(i).ByteCount];
            _random.NextBytes(bytes);
            interpreter.SetInput(i, bytes);
        }
        return true;
    }
}
