using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>Whole models with and without the lossless passes.</summary>
public sealed class GoldenModelTests
{
    private const string VisualWakeWords = "vww_96_int8";

    private const int RandomInputs = 10_000;

    public static TheoryData<string> Models() => SharedData.IsAvailable
        ? [.. Directory.GetDirectories(SharedData.File("golden")).Select(Path.GetFileName).OfType<string>()
            .Where(name => name.Contains("_int8", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [""];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_gives_the_same_bits_with_and_without_optimisation(string name)
    {
        ModelGraph graph = Load(name);
        var plain = new Int8Run(graph, optimize: false);
        var optimized = new Int8Run(graph, optimize: true);
        foreach (sbyte[] input in Inputs.Extremes(plain.InputCount).Concat(Enumerable.Range(0, 8).Select(seed => Inputs.Random(plain.InputCount, seed))))
            Assert.Equal(plain.Run(input), optimized.Run(input));
    }

    [Theory]
    [InlineData(VisualWakeWords, 34_000, 3_900_000)]
    [InlineData("person_detect_int8", 207_700, 7_100_000)]
    [InlineData("hello_world_int8", 220, 220)]
    public void Weights_that_cannot_influence_the_outputs_are_removed(string name, int weights, int macs)
    {
        ModelGraph graph = Load(name).Copy();
        PassPipeline.Run(graph, PassPipeline.Int8);
        LayerCost live = LayerCost.Of(graph);
        Assert.InRange(live.Weights, 1, weights);
        Assert.InRange(live.Macs, 1, macs);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_reduced_visual_wake_words_model_gives_the_same_bits_for_ten_thousand_inputs()
    {
        ModelGraph graph = Load(VisualWakeWords);
        Shape shape = graph.Inputs[0].Tensor.Shape;
        sbyte[] checkerboard = Inputs.Checkerboard(shape[2], shape[3], shape.ElementCount);
        Assert.Equal(new Int8Run(graph, optimize: false).Run(checkerboard), new Int8Run(graph, optimize: true).Run(checkerboard));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };
        Parallel.For(0, RandomInputs, options, () => (Plain: new Int8Run(graph, optimize: false), Optimized: new Int8Run(graph, optimize: true)), (seed, _, runs) =>
        {
            sbyte[] input = Inputs.Random(runs.Plain.InputCount, seed);
            Assert.Equal(runs.Plain.Run(input), runs.Optimized.Run(input));
            return runs;
        }, _ => { });
    }

    private static ModelGraph Load(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        return ModelLoader.Load(SharedData.File("golden", name, "model.tflite"));
    }
}
