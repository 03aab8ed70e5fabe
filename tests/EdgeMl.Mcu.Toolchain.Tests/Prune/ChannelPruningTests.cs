using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class ChannelPruningTests
{
    private const int Elements = 6 * 6 * 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PruningMethod.Obs)]
    [InlineData(PruningMethod.Magnitude)]
    public void Channels_that_are_tied_by_an_addition_or_a_depthwise_layer_go_together(PruningMethod method)
    {
        PruningResult result = Prune(PruningModels.Convolutions(), 0.5, method);
        Dictionary<string, bool[]> kept = result.Channels.ToDictionary(layer => layer.Node, layer => layer.KeptOutputs);
        Assert.InRange(result.Sparsity, 0.5, 0.7);
        Assert.Contains(false, kept["first"]);
        Assert.Equal(kept["first"], kept["depthwise"]);
        Assert.Equal(kept["first"], kept["second"]);
        Assert.DoesNotContain(false, kept["y"]);
        bool[] taps = result.Channels.Single(layer => layer.Node == "y").KeptTaps;
        Assert.Equal(kept["first"], taps.Take(8));
    }

    [Fact]
    public void Removed_channels_are_0_everywhere()
    {
        PruningResult result = Prune(PruningModels.Convolutions(), 0.4, PruningMethod.Obs);
        bool[] kept = result.Channels.Single(layer => layer.Node == "first").KeptOutputs;
        new FloatExecutor(result.Graph).Run(PruningModels.Samples(1, Elements, 3)[0], (tensor, values) =>
        {
            if (tensor.Name is not ("first" or "depthwise" or "second" or "sum" or "pooled"))
                return;
            for (int i = 0; i < values.Length; i++)
                Assert.True(kept[i % 8] || values[i] == 0, $"{tensor.Name}[{i}] is {values[i]}");
        });
    }

    [Fact]
    public void A_channel_of_two_that_are_alike_goes_without_any_loss()
    {
        ModelGraph graph = PruningModels.Convolutions();
        var filter = (float[])graph.Nodes[0].Inputs[1]!.Data!;
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 6, 6, 2);
        Array.Copy(filter, 0, filter, 18 * 5, 18);
        float[] bias = [0.1f, 0, 0.2f, 0, 0, 0.1f, 0, 0.3f];
        Tensor hidden = builder.Node("hidden", new Conv2D(new Window(3, 3), Activation.Relu), [1, 4, 4, 8], x,
            Tensor.Constant("w", new Shape(8, 3, 3, 2), filter), Tensor.Constant("b", new Shape(8), bias));
        builder.Output(builder.Node("y", new Conv2D(new Window(1, 1)), [1, 4, 4, 3], hidden,
            Tensor.Constant("v", new Shape(3, 1, 1, 8), GraphBuilder.Values(new Random(3), 24, -1, 1)), Tensor.Constant("c", new Shape(3), [0, 0, 0])));
        PruningResult result = Prune(builder.Graph, 0.12, PruningMethod.Obs);
        bool[] kept = result.Channels.Single(layer => layer.Node == "hidden").KeptOutputs;
        Assert.Equal(7, kept.Count(isKept => isKept));
        Assert.False(kept[0] && kept[5]);
        Assert.True(result.OutputSignalToNoiseDb > 30, $"{result.OutputSignalToNoiseDb} dB");
    }

    [Fact]
    public void A_quantised_graph_gets_smaller_and_gives_what_its_zeros_give()
    {
        float[][][] samples = PruningModels.Samples(150, Elements, 1);
        ModelGraph quantized = GraphBuilder.Quantize(PruningModels.Convolutions(), samples).Graph;
        PruningResult result = Prune(quantized, 0.5, PruningMethod.Obs);
        CompiledModel compiled = EmlmCompiler.Compile(result.Graph);
        Assert.True(LayerCost.Of(compiled.Graph).Weights <= 0.5 * LayerCost.Of(quantized).Weights);
        var whole = new EdgeMl.Mcu.Runtime.Interpreter(EdgeMl.Mcu.Runtime.Model.Load(EmlmCompiler.Compile(result.Graph, new EmitOptions { Optimize = false }).Bytes));
        var device = new DeviceRun(result.Graph);
        foreach (float[][] sample in PruningModels.Samples(20, Elements, 5))
        {
            whole.SetInput(0, sample[0]);
            whole.Invoke();
            var expected = new float[5];
            whole.GetOutput(0, expected);
            Assert.Equal(expected, device.Run(sample));
        }
    }

    [Fact]
    public void More_than_all_channels_cannot_go()
    {
        ToolchainException e = Assert.Throws<ToolchainException>(() => Prune(PruningModels.Convolutions(), 0.95, PruningMethod.Obs));
        Assert.Equal(ErrorCodes.SparsityOutOfReach, e.Code);
    }

    private static PruningResult Prune(ModelGraph graph, double sparsity, PruningMethod method) => Pruner.Prune(
        graph, PruningModels.Samples(150, Elements, 1), new PruningOptions { Sparsity = sparsity, Method = method, Granularity = PruningGranularity.Channel }, cancellation: Cancellation);
}
