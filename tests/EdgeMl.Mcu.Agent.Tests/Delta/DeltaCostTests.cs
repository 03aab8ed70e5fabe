using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Agent.Tests.Delta;

/// <summary>What the decoder takes on a device: RAM, and executed IL as the meter counts it.</summary>
public sealed class DeltaCostTests(ITestOutputHelper log) : IDisposable
{
    private const int BlockBytes = 1024;
    private const int FileBytes = 64 * BlockBytes;

    private readonly MeteredProgram _program = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime), File.ReadAllBytes(SubsetBuilds.PathOf("EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Agent")));

    [Fact]
    public void A_decoder_takes_less_than_2560_bytes_and_allocates_no_more_while_it_decodes()
    {
        byte[] original = Weights(1);
        byte[] target = Changed(original, 0.05);
        object? decoder = null;
        long made = _program.Measure(() => decoder = NewDecoder()).AllocatedBytes;
        (Counters opening, Counters decoding) = Decode(decoder!, original, target);
        log.WriteLine($"{made} bytes");
        Assert.InRange(made, 1024, 2560);
        Assert.Equal(0, opening.AllocatedBytes);
        Assert.Equal(0, decoding.AllocatedBytes);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(0.02, 150)]
    [InlineData(0.2, 500)]
    [InlineData(1, 1000)]
    public void A_byte_costs_few_instructions_where_little_changed(double changed, double limit)
    {
        byte[] original = Weights(2);
        (Counters opening, Counters decoding) = Decode(NewDecoder(), original, Changed(original, changed));
        Assert.Equal(0, opening.UnknownLibraryCalls + decoding.UnknownLibraryCalls);
        double perByte = (double)decoding.Instructions / FileBytes;
        log.WriteLine($"{changed:P0} changed: {perByte:F1} IL a byte, {(double)opening.Instructions / FileBytes:F1} for the checksums before");
        Assert.InRange(perByte, 0, limit);
        Assert.InRange((double)opening.Instructions / FileBytes, 10, 80);
    }

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    private object NewDecoder() => Activator.CreateInstance(_program.FindType("EdgeMl.Mcu.Agent.Delta.DeltaDecoder"))!;

    private object Source(byte[] bytes) => Activator.CreateInstance(_program.FindType("EdgeMl.Mcu.Agent.MemorySource"), bytes)!;

    private (Counters Opening, Counters Decoding) Decode(object made, byte[] original, byte[] target)
    {
        dynamic decoder = made, source = Source(original), delta = Source(DeltaEncoder.Encode(original, target));
        Counters opening = _program.Measure(() => decoder.Open(source, delta));
        var file = new List<byte>();
        var block = new byte[BlockBytes];
        Counters decoding = _program.Measure(() =>
        {
            while (file.Count < target.Length && decoder.Next(block, BlockBytes))
                file.AddRange(block);
        });
        Assert.Equal(target, file);
        return (opening, decoding);
    }

    private static byte[] Weights(int seed)
    {
        var bytes = new byte[FileBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Changed(byte[] original, double part)
    {
        var random = new Random(3);
        return Array.ConvertAll(original, value => random.NextDouble() < part ? (byte)(value + random.Next(1, 9)) : value);
    }
}
