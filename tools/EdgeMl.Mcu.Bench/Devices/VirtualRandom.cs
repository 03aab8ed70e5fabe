using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>Reproducible random numbers, for a device that protects nothing.</summary>
/// <param name="seed">Another one for each device.</param>
public sealed class VirtualRandom(int seed) : RandomSource
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public override void Fill(byte[] buffer, int offset, int count) => _random.NextBytes(buffer.AsSpan(offset, count));
}
