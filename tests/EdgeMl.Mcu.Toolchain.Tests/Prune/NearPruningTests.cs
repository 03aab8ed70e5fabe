using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public sealed class NearPruningTests(ITestOutputHelper log) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits_mlp", 0.1)]
    [InlineData("digits_mlp", 0.4)]
    [InlineData("digits_cnn", 0.2)]
    public void Weights_that_remain_stay_the_bases_where_the_outputs_bear_it(string model, double sparsity)
    {
        byte[] dense = CompiledModels.Get(model).Bytes;
        var original = BaseModel.Parse(dense, model);
        PrunedFile free = Prune(model, dense, sparsity, null), near = Prune(model, dense, sparsity, original);
        var freeReport = NearReport.Of(free.Content, original, null, new Dictionary<string, string>());

        log.WriteLine($"{near.Report.Near!.ChangedWeights} instead of {freeReport.ChangedWeights} of {near.Report.Weights} weights differ, {near.Report.OutputSignalToNoiseDb:F1} instead of {free.Report.OutputSignalToNoiseDb:F1} dB");
        Assert.Equal(free.Report.Zeros, near.Report.Zeros, 0.02 * near.Report.Weights);
        Assert.InRange(near.Report.Zeros, Math.Round(sparsity * near.Report.Weights), near.Report.Weights);
        Assert.InRange(near.Report.Near.ChangedWeights, 1, 0.9 * freeReport.ChangedWeights);
        Assert.InRange(near.Report.OutputSignalToNoiseDb!.Value, Math.Min(40, free.Report.OutputSignalToNoiseDb!.Value - 3.1), double.MaxValue);
        Assert.All(near.Report.Near.Layers, layer => Assert.True(layer.IsFrozen, layer.Name));
        Assert.True(near.Report.Near.SameKernels);
        Assert.Equal(Error.None, new Interpreter(Runtime.Model.Load(near.Content)).SelfTest());
    }

    [Fact]
    public void An_int8_model_is_pruned_near_its_device_model()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        string path = CompiledModels.GoldenPath("magic_wand_int8");
        ModelGraph graph = ModelLoader.Load(path);
        var original = BaseModel.Parse(EmlmCompiler.Compile(graph).Bytes, "base");
        var file = PrunableFile.Open(path, new EmitOptions(), original);
        Assert.Equal(".emlm", file.OutputExtension);
        var random = new Random(1);
        float[][][] samples = [.. Enumerable.Range(0, 70).Select(_ => new[] { Enumerable.Range(0, graph.Inputs[0].Tensor.Shape.ElementCount).Select(_ => (random.NextSingle() - 0.5f) * 60).ToArray() })];
        PrunedFile pruned = file.Prune(samples, new PruningOptions { Sparsity = 0.2 }, cancellation: Cancellation);
        Assert.InRange(pruned.Report.Near!.ChangedWeights, 1, pruned.Report.Weights - 1);
    }

    [Fact]
    public void A_float_model_near_a_base_is_refused_with_what_to_do_instead()
    {
        var refusal = Assert.Throws<ToolchainException>(() => PrunableFile.Open(Repository.PathOf("models/digits/digits_mlp.onnx"), new EmitOptions(), BaseModel.Parse(CompiledModels.Get("digits_mlp").Bytes, "base")));
        Assert.Equal(ErrorCodes.FloatModel, refusal.Code);
        Assert.Contains("--near", refusal.Hint, StringComparison.Ordinal);
    }

    private PrunedFile Prune(string model, byte[] dense, double sparsity, BaseModel? near)
    {
        string path = _folder.File(model + ".emlm");
        File.WriteAllBytes(path, dense);
        var file = PrunableFile.Open(path, new EmitOptions(), near);
        SampleSet samples = SampleFile.Read(Repository.PathOf("models/digits/x_train.npy"), file.Inputs[0], raw: false);
        return file.Prune([.. CalibrationSamples.ToGraphLayout([samples]).Where((_, i) => i % 4 == 0)], new PruningOptions { Sparsity = sparsity }, cancellation: Cancellation);
    }
}
