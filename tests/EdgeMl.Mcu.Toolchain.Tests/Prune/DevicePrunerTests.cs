using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class DevicePrunerTests
{
    private const int Elements = 6 * 6 * 2;

    private static readonly string[] Labels = ["a", "b", "c", "d", "e"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.37, PruningMethod.Obs, PruningGranularity.Weight)]
    [InlineData(0.9, PruningMethod.Obs, PruningGranularity.Weight)]
    [InlineData(0.5, PruningMethod.Obs, PruningGranularity.Block)]
    [InlineData(0.37, PruningMethod.Magnitude, PruningGranularity.Weight)]
    [InlineData(0.5, PruningMethod.Magnitude, PruningGranularity.Block)]
    public void The_file_has_as_many_zeros_as_asked_for_and_reported(double sparsity, PruningMethod method, PruningGranularity granularity)
    {
        byte[] dense = EmlmCompiler.Compile(Quantized()).Bytes;
        DevicePruningResult result = Prune(dense, sparsity, method, granularity);
        Assert.InRange(result.Zeros, Math.Round(sparsity * result.Weights), (sparsity + 0.05) * result.Weights);
        Assert.All(result.Layers, layer => Assert.True(layer.IsPruned));
        Assert.Equal([2 * 72, 72, 64, 5 * 72], result.Layers.Select(layer => layer.Weights));
        foreach ((LayerPruning report, DeviceLinearLayer layer) in result.Layers.Zip(Plain(result.Model).Layers.Select(DeviceLinearLayer.Of).OfType<DeviceLinearLayer>(), (report, layer) => (report, layer)))
        {
            LayerWeights weights = LayerWeights.Of(layer.Linear);
            Assert.Equal(report.Zeros, weights.Rows.Sum(row => row.Count(weight => weight == 0)));
            if (granularity == PruningGranularity.Block && method == PruningMethod.Magnitude)
                Assert.InRange(Enumerable.Range(0, layer.Linear.Taps).Sum(tap => Bundle.Of(layer.Linear, granularity).Count(bundle => bundle.Outputs.All(output => weights.Rows[output][tap] == 0))) * 3, report.Zeros * 0.8, report.Zeros + layer.Linear.Taps);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(KernelChoice.DefaultScratchBytes, 0)]
    [InlineData(KernelChoice.DefaultScratchBytes, 1 << 20)]
    [InlineData(1 << 20, 0)]
    public void The_pruned_model_needs_no_more_memory_passes_its_self_test_and_gives_the_bits_of_the_plain_kernels(int scratch, long packed)
    {
        byte[] dense = EmlmCompiler.Compile(Quantized(), new EmitOptions { ScratchBytes = scratch, PackedWeightBytes = packed }).Bytes;
        byte[] pruned = Prune(dense, 0.6).Model;
        Model before = Load(dense), after = Load(pruned);
        Assert.Equal(before.ArenaBytes, after.ArenaBytes);
        Assert.InRange(after.ScratchBytes, 0, before.ScratchBytes);
        Assert.InRange(after.PackedBytes, 0, before.PackedBytes);
        Assert.Equal(Error.None, new Interpreter(after).SelfTest());
        DeviceProgram plain = Plain(pruned);
        Assert.All(plain.Layers, layer => Assert.Equal(0, layer.ScratchBytes));
        Interpreter one = new(after), other = new(Load(EmlmWriter.Write(plain, new ArenaPlan(after.ArenaBytes, 0, false))));
        Assert.Equal(0, other.Model.ScratchBytes);
        foreach (float[][] sample in PruningModels.Samples(50, Elements, seed: 3))
            Assert.Equal(Run(one, sample), Run(other, sample));
        Assert.Equal(scratch > 0, EmlmReader.Read(after, pruned).Layers.Zip(plain.Layers).Any(pair => pair.First.Kernel != pair.Second.Kernel));
    }

    [Fact]
    public void Names_ports_and_labels_stay()
    {
        DeviceProgram program = GraphLowering.Lower(Quantized());
        program = program with { Outputs = [program.Outputs[0] with { Labels = Labels }] };
        byte[] dense = EmlmWriter.Write(program, ArenaPlanner.Place(program));
        Model before = Load(dense), after = Load(Prune(dense, 0.5).Model);
        Assert.Equal(before.Name, after.Name);
        Assert.Equal(LayerNames(before), LayerNames(after));
        Assert.Equal(Labels, Enumerable.Range(0, after.Output(0).LabelCount).Select(after.Output(0).Label));
        foreach ((TensorInfo old, TensorInfo port) in new[] { (before.Input(0), after.Input(0)), (before.Output(0), after.Output(0)) })
        {
            Assert.Equal((old.Name, old.ArenaOffset, old.Count, old.Scale, old.ZeroPoint, old.Edge), (port.Name, port.ArenaOffset, port.Count, port.Scale, port.ZeroPoint, port.Edge));
            Assert.Equal(Enumerable.Range(0, old.SourceRank).Select(old.SourceAxis), Enumerable.Range(0, port.SourceRank).Select(port.SourceAxis));
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void Compensation_is_as_good_as_in_the_graph_and_better_than_removal_alone(double sparsity)
    {
        ModelGraph graph = Quantized();
        byte[] dense = EmlmCompiler.Compile(graph).Bytes;
        IReadOnlyList<float[]>[] original = Outputs(dense);
        double obs = OutputNoise.Ratio(original, Outputs(Prune(dense, sparsity).Model));
        double magnitude = OutputNoise.Ratio(original, Outputs(Prune(dense, sparsity, PruningMethod.Magnitude).Model));
        double inGraph = OutputNoise.Ratio(original, Outputs(EmlmCompiler.Compile(
            Pruner.Prune(graph, Samples(), new PruningOptions { Sparsity = sparsity }, cancellation: Cancellation).Graph).Bytes));
        Assert.True(obs < 1.25 * inGraph, $"{obs} and {inGraph} in the graph");
        Assert.True(obs < 0.7 * magnitude, $"{obs} and {magnitude}");
    }

    [Fact]
    public void Layers_with_4_bit_weights_stay_as_they_are()
    {
        ModelGraph graph = Quantized();
        Tensor weights = graph.Nodes.Single(node => node.Name == "second").Inputs[1]!;
        weights.Data = Array.ConvertAll((sbyte[])weights.Data!, weight => (sbyte)(weight >> 4));
        weights.Type = ElementType.Int4;
        byte[] dense = EmlmCompiler.Compile(graph).Bytes;
        DevicePruningResult result = Prune(dense, 0.5);
        LayerPruning layer = Assert.Single(result.Layers, layer => !layer.IsPruned);
        Assert.Equal(("second", 64, ((sbyte[])weights.Data!).Count(weight => weight == 0)), (layer.Name, layer.Weights, layer.Zeros));
        Assert.Equal(Math.Round(0.5 * (result.Weights - 64)), result.Zeros - layer.Zeros, 3.0);
        Assert.Equal(Plain(dense).Layers.Single(step => step.Name == "second").Weights, Plain(result.Model).Layers.Single(step => step.Name == "second").Weights);
        Assert.Equal(Error.None, new Interpreter(Load(result.Model)).SelfTest());
    }

    [Fact]
    public void The_same_samples_give_the_same_bytes()
    {
        byte[] dense = EmlmCompiler.Compile(Quantized()).Bytes;
        Assert.Equal(Prune(dense, 0.6).Model, Prune(dense, 0.6).Model);
    }

    [Fact]
    public void A_layer_whose_weights_are_written_back_is_the_layer()
    {
        foreach (DeviceLayer layer in GraphLowering.Lower(Quantized()).Layers)
        {
            if (DeviceLinearLayer.Of(layer) is { } linear)
                Assert.Equal(layer.Weights, linear.With(LayerWeights.Of(linear.Linear)).Weights);
        }
    }

    [Fact]
    public void Channels_models_without_weights_and_bad_samples_are_refused()
    {
        byte[] dense = EmlmCompiler.Compile(Quantized()).Bytes;
        Assert.Equal(ErrorCodes.SparsityOutOfReach, Assert.Throws<ToolchainException>(() => Prune(dense, 0.5, PruningMethod.Obs, PruningGranularity.Channel)).Code);
        foreach (float[][][] samples in new float[][][][] { [], [[[1, 2]]], [[new float[Elements]], [new float[Elements]]] })
        {
            Assert.Equal(ErrorCodes.BadCalibrationData, Assert.Throws<ToolchainException>(() =>
                DevicePruner.Prune(Load(dense), dense, samples, new PruningOptions { Sparsity = 0.5 }, cancellation: Cancellation)).Code);
        }
        var builder = new GraphBuilder();
        builder.Output(builder.Node("y", new Unary(UnaryKind.Tanh), [1, Elements], builder.Input("x", 1, Elements)));
        byte[] without = EmlmCompiler.Compile(GraphBuilder.Quantize(builder.Graph, Samples()).Graph).Bytes;
        Assert.Equal(ErrorCodes.NothingToPrune, Assert.Throws<ToolchainException>(() => Prune(without, 0.5)).Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => Prune(dense, 1));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        byte[] dense = EmlmCompiler.Compile(Quantized()).Bytes;
        Assert.ThrowsAny<OperationCanceledException>(() => DevicePruner.Prune(Load(dense), dense, Samples(), new PruningOptions { Sparsity = 0.5 }, cancellation: new CancellationToken(true)));
    }

    private static float[][][] Samples() => PruningModels.Samples(200, Elements, seed: 1);

    private static ModelGraph Quantized() => GraphBuilder.Quantize(PruningModels.Convolutions(), Samples()).Graph;

    private static DevicePruningResult Prune(byte[] file, double sparsity, PruningMethod method = PruningMethod.Obs, PruningGranularity granularity = PruningGranularity.Weight) =>
        DevicePruner.Prune(Load(file), file, Samples(), new PruningOptions { Sparsity = sparsity, Method = method, Granularity = granularity }, cancellation: Cancellation);

    private static DeviceProgram Plain(byte[] file)
    {
        DeviceProgram program = EmlmReader.Read(Load(file), file);
        return program with { Layers = [.. program.Layers.Select(PlainLayer.Of)] };
    }

    private static Model Load(byte[] file) => DeviceModelFile.Parse(file, "test.emlm");

    private static IReadOnlyList<float[]>[] Outputs(byte[] file)
    {
        var interpreter = new Interpreter(Load(file));
        return [.. PruningModels.Samples(100, Elements, seed: 2).Select(sample => new[] { Run(interpreter, sample) })];
    }

    private static float[] Run(Interpreter interpreter, float[][] sample)
    {
        interpreter.SetInput(0, sample[0]);
        interpreter.Invoke();
        var output = new float[interpreter.Model.Output(0).Count];
        interpreter.GetOutput(0, output);
        return output;
    }

    private static IEnumerable<string> LayerNames(Model model) => Enumerable.Range(0, model.LayerCount).Select(model.LayerName);
}
