using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Passes.Channels;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>Random networks on the device runtime, against the bounds that were proved and with what these allow to remove.</summary>
public sealed class RandomNetworkTests
{
    private const int RandomInputs = 6;

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void An_optimised_network_gives_the_same_bits() => Prop.ForAll(Seeds, seed =>
    {
        ModelGraph graph = RandomInt8Network.Create(seed);
        var plain = new Int8Run(graph, optimize: false);
        var optimized = new Int8Run(graph, optimize: true);
        ModelRun.CheckStructure(optimized.Graph);
        return Samples(plain.InputCount, seed).All(input => plain.Run(input).AsSpan().SequenceEqual(optimized.Run(input)));
    }).Check(Runs);

    [Fact]
    public void Every_value_of_every_tensor_lies_in_its_interval() => Prop.ForAll(Seeds, seed =>
    {
        ModelGraph graph = RandomInt8Network.Create(seed);
        IntervalAnalysis intervals = IntervalAnalysis.Of(graph);
        Tensor[] tensors = [.. graph.Nodes.Where(node => !graph.IsOutput(node.Output)).Select(node => node.Output), graph.Outputs[0].Tensor];
        graph.Outputs.Clear();
        graph.Outputs.AddRange(tensors.Select(tensor => new GraphPort(tensor)));
        ValueInterval[] bounds = [.. tensors.SelectMany(tensor => Elements(tensor, intervals.Channels(tensor)))];
        var run = new Int8Run(graph, optimize: false);
        return Samples(run.InputCount, seed).All(input => run.Run(input).Zip(bounds).All(pair => pair.First >= pair.Second.Low && pair.First <= pair.Second.High));
    }).Check(Runs);

    [Fact]
    public void Many_random_networks_have_something_to_remove()
    {
        int reduced = Enumerable.Range(0, 100).Count(seed => DeadChannels.Apply(RandomInt8Network.Create(seed)));
        Assert.InRange(reduced, 50, 100);
    }

    private static IEnumerable<ValueInterval> Elements(Tensor tensor, ValueInterval[] channels) =>
        Enumerable.Range(0, tensor.Shape.ElementCount).Select(i => channels[i % channels.Length]);

    private static IEnumerable<sbyte[]> Samples(int count, int seed) =>
        Inputs.Extremes(count).Concat(Enumerable.Range(0, RandomInputs).Select(i => Inputs.Random(count, unchecked((seed * 4) + i) & int.MaxValue)));
}
