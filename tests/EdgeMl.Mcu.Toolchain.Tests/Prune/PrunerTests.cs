using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class PrunerTests
{
    private const int Elements = 6 * 6 * 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.37)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Exactly_the_asked_part_of_the_weights_is_removed(double sparsity)
    {
        foreach (PruningMethod method in Enum.GetValues<PruningMethod>())
        {
            PruningResult result = Pruner.Prune(PruningModels.Convolutions(), Samples(), new PruningOptions { Sparsity = sparsity, Method = method }, cancellation: Cancellation);
            Assert.Equal((long)Math.Round(sparsity * result.Weights, MidpointRounding.AwayFromZero), result.Zeros);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.8)]
    public void Blocks_are_three_consecutive_outputs_at_one_tap(double sparsity)
    {
        foreach (PruningMethod method in Enum.GetValues<PruningMethod>())
        {
            var options = new PruningOptions { Sparsity = sparsity, Method = method, Granularity = PruningGranularity.Block };
            PruningResult result = Pruner.Prune(PruningModels.Convolutions(), Samples(), options, cancellation: Cancellation);
            Assert.InRange(result.Zeros, sparsity * result.Weights, sparsity * result.Weights + 3 * result.Layers.Count);
            foreach (LinearNode layer in result.Graph.Nodes.Select(LinearNode.Of).OfType<LinearNode>())
            {
                float[] weights = layer.Node.Inputs[1]!.Reals();
                for (int first = 0; first < layer.Outputs; first += 3)
                {
                    for (int tap = 0; tap < layer.Taps; tap++)
                        Assert.Single(Enumerable.Range(first, Math.Min(3, layer.Outputs - first)).Select(output => weights[layer.WeightIndex(output, tap)] == 0).Distinct());
                }
            }
        }
    }

    [Fact]
    public void Compensation_changes_the_outputs_less_than_removal_alone()
    {
        ModelGraph graph = PruningModels.Convolutions();
        double obs = Noise(PruningMethod.Obs), magnitude = Noise(PruningMethod.Magnitude);
        Assert.True(obs < 0.5 * magnitude, $"{obs} and {magnitude}");

        double Noise(PruningMethod method)
        {
            ModelGraph pruned = Pruner.Prune(graph, Samples(), new PruningOptions { Sparsity = 0.6, Method = method }, cancellation: Cancellation).Graph;
            float[][][] others = PruningModels.Samples(100, Elements, seed: 2);
            return OutputNoise.Ratio(new FloatExecutor(graph).RunBatch(others, Cancellation), new FloatExecutor(pruned).RunBatch(others, Cancellation));
        }
    }

    [Fact]
    public void The_same_samples_give_the_same_bits()
    {
        float[][] weights = [.. Enumerable.Range(0, 2).Select(_ =>
            Pruner.Prune(PruningModels.Convolutions(), Samples(), new PruningOptions { Sparsity = 0.7 }, cancellation: Cancellation).Graph.Nodes[^1].Inputs[1]!.Reals())];
        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void The_source_graph_stays_as_it_is_and_weights_that_were_0_stay_0()
    {
        ModelGraph graph = PruningModels.Convolutions();
        var weights = (float[])graph.Nodes[0].Inputs[1]!.Data!;
        weights[3] = weights[7] = 0;
        float[] before = (float[])weights.Clone();
        PruningResult result = Pruner.Prune(graph, Samples(), new PruningOptions { Sparsity = 0.1 }, cancellation: Cancellation);
        Assert.Equal(before, (float[])graph.Nodes[0].Inputs[1]!.Data!);
        float[] pruned = result.Graph.Nodes[0].Inputs[1]!.Reals();
        Assert.Equal((0f, 0f), (pruned[3], pruned[7]));
    }

    [Fact]
    public void A_quantised_graph_keeps_its_scales_and_runs_on_the_device()
    {
        ModelGraph quantized = GraphBuilder.Quantize(PruningModels.Convolutions(), Samples()).Graph;
        PruningResult result = Pruner.Prune(quantized, Samples(), new PruningOptions { Sparsity = 0.5 }, cancellation: Cancellation);
        Assert.InRange(result.Sparsity, 0.5, 0.55);
        foreach ((Node old, Node node) in quantized.Nodes.Zip(result.Graph.Nodes).Where(pair => LinearNode.Of(pair.First) is not null))
        {
            Assert.IsType<sbyte[]>(node.Inputs[1]!.Data);
            Assert.Same(old.Inputs[1]!.Quantization, node.Inputs[1]!.Quantization);
            Assert.IsType<int[]>(node.Inputs[2]!.Data);
            Assert.True(old.Output.Quantization!.SameAs(node.Output.Quantization));
        }
        var estimate = new FloatExecutor(result.Graph, ActivationPrecision.FakeQuantized);
        var device = new DeviceRun(result.Graph);
        float step = result.Graph.Outputs[0].Tensor.Quantization!.Scale;
        foreach (float[][] sample in Samples().Take(20))
            Assert.All(estimate.Run(sample)[0].Zip(device.Run(sample)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / step, 0, 3.01f));
    }

    [Fact]
    public void Layers_that_may_not_change_do_not()
    {
        ModelGraph graph = PruningModels.Convolutions();
        PruningResult result = Pruner.Prune(graph, Samples(), new PruningOptions { Sparsity = 0.5, Nodes = ["second"] }, cancellation: Cancellation);
        Assert.Equal([false, false, true, false], result.Layers.Select(layer => layer.IsPruned));
        Assert.Same(graph.Nodes[0].Inputs[1]!.Data, result.Graph.Nodes[0].Inputs[1]!.Data);
        Assert.Equal(0.5, result.Layers[2].Sparsity, 0.01);
    }

    [Fact]
    public void Bad_calibration_data_is_refused()
    {
        ModelGraph graph = PruningModels.Convolutions();
        float[][][] constant = [.. Enumerable.Range(0, 10).Select(_ => new[] { new float[Elements] })];
        float[][][] infinite = PruningModels.Samples(10, Elements, 1);
        infinite[4][0][5] = float.PositiveInfinity;
        foreach (float[][][] samples in new[] { constant, infinite, [], [[[1, 2]]] })
            Assert.Equal(ErrorCodes.BadCalibrationData, Assert.Throws<ToolchainException>(() => Pruner.Prune(graph, samples, new PruningOptions { Sparsity = 0.5 }, cancellation: Cancellation)).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_sparsity_outside_0_to_1_is_refused(double sparsity) => Assert.Throws<ArgumentOutOfRangeException>(() =>
        Pruner.Prune(PruningModels.Convolutions(), Samples(), new PruningOptions { Sparsity = sparsity }, cancellation: Cancellation));

    [Fact]
    public void A_graph_without_weights_is_refused()
    {
        var builder = new GraphBuilder();
        builder.Output(builder.Node("y", new Unary(UnaryKind.Relu), [1, 4], builder.Input("x", 1, 4)));
        ToolchainException e = Assert.Throws<ToolchainException>(() =>
            Pruner.Prune(builder.Graph, GraphBuilder.Uniform(10, 4, -1, 1), new PruningOptions { Sparsity = 0.5 }, cancellation: Cancellation));
        Assert.Equal(ErrorCodes.NothingToPrune, e.Code);
    }

    [Fact]
    public void A_cancelled_run_stops() => Assert.ThrowsAny<OperationCanceledException>(() =>
        Pruner.Prune(PruningModels.Convolutions(), Samples(), new PruningOptions { Sparsity = 0.5 }, cancellation: new CancellationToken(true)));

    [Fact]
    public void Inputs_that_are_always_0_cost_nothing()
    {
        float[][][] samples = Samples();
        foreach (float[][] sample in samples)
        {
            for (int i = 0; i < Elements; i += 2)
                sample[0][i] = 0;
        }
        PruningResult result = Pruner.Prune(PruningModels.Convolutions(), samples, new PruningOptions { Sparsity = 0.2 }, cancellation: Cancellation);
        Assert.True(result.OutputSignalToNoiseDb is null or > 30, $"{result.OutputSignalToNoiseDb} dB");
        Assert.NotEmpty(EmlmCompiler.Compile(GraphBuilder.Quantize(result.Graph, samples).Graph).Bytes);
    }

    [Fact]
    public void A_layer_with_very_many_inputs_is_pruned_in_parts()
    {
        const int Inputs = 1500;
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, Inputs);
        builder.Output(builder.FullyConnected("y", x, GraphBuilder.Values(new Random(1), 2 * Inputs, -1, 1), [0, 1]));
        float[][][] samples = PruningModels.Samples(100, Inputs, 1);
        PruningResult obs = Pruner.Prune(builder.Graph, samples, new PruningOptions { Sparsity = 0.8 }, cancellation: Cancellation);
        PruningResult magnitude = Pruner.Prune(builder.Graph, samples, new PruningOptions { Sparsity = 0.8, Method = PruningMethod.Magnitude }, cancellation: Cancellation);
        Assert.Equal((2400, 2400), (obs.Zeros, magnitude.Zeros));
        Assert.True(obs.OutputSignalToNoiseDb > magnitude.OutputSignalToNoiseDb + 10, $"{obs.OutputSignalToNoiseDb} and {magnitude.OutputSignalToNoiseDb} dB");
    }

    private static float[][][] Samples() => PruningModels.Samples(200, Elements, seed: 1);
}
