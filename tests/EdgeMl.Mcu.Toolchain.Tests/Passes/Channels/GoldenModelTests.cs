using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

    private const int RandomPictures = 10_000;

    /// <summary>What <see cref="ScoresDigest"/> gives without optimisation; that run takes twice as long. To make it anew, run it with <c>optimize: false</c>.</summary>
    private const string PlainScoresDigest = "45A38995B8AB89E0DA8313B2FA49085D264EDF240593866433B9C34E3BB31291";

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
    public void The_reduced_visual_wake_words_model_gives_the_same_scores_for_pictures_and_a_checkerboard()
    {
        ModelGraph graph = Scores(VisualWakeWords);
        Shape shape = graph.Inputs[0].Tensor.Shape;
        var plain = new Int8Run(graph, optimize: false);
        var optimized = new Int8Run(graph, optimize: true);
        IEnumerable<sbyte[]> pictures = Enumerable.Range(0, 40).Select(seed => Inputs.Picture(shape[2], shape[3], shape.ElementCount, seed));
        foreach (sbyte[] input in pictures.Append(Inputs.Checkerboard(shape[2], shape[3], shape.ElementCount)))
            Assert.Equal(plain.Run(input), optimized.Run(input));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_reduced_visual_wake_words_model_gives_the_same_scores_for_ten_thousand_pictures() =>
        Assert.Equal(PlainScoresDigest, ScoresDigest(optimize: true));

    /// <summary>SHA-256 of the scores of all random pictures, picture by picture.</summary>
    private static string ScoresDigest(bool optimize)
    {
        ModelGraph graph = Scores(VisualWakeWords);
        Shape shape = graph.Inputs[0].Tensor.Shape;
        var scores = new sbyte[RandomPictures][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };
        Parallel.For(0, RandomPictures, options, () => new Int8Run(graph, optimize), (seed, _, run) =>
        {
            scores[seed] = run.Run(Inputs.Picture(shape[2], shape[3], shape.ElementCount, seed));
            return run;
        }, _ => { });
        return Convert.ToHexString(SHA256.HashData([.. scores.SelectMany(values => values).Select(value => (byte)value)]));
    }

    /// <summary>A classifier without its softmax, which hides differences.</summary>
    private static ModelGraph Scores(string name)
    {
        ModelGraph graph = Load(name);
        graph.Outputs[0] = new GraphPort(graph.Nodes[^1].Input);
        graph.Nodes.RemoveAt(graph.Nodes.Count - 1);
        return graph;
    }

    [Theory]
    [InlineData(VisualWakeWords)]
    [InlineData("mnist_resnet_int8")]
    [InlineData("hello_world_int8")]
    public void A_model_with_other_weights_gives_the_same_bits(string name)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            ModelGraph graph = Load(name);
            Mutate(graph, new Random(seed));
            var plain = new Int8Run(graph, optimize: false);
            var optimized = new Int8Run(graph, optimize: true);
            foreach (sbyte[] input in Inputs.Extremes(plain.InputCount).Append(Inputs.Random(plain.InputCount, seed)))
                Assert.Equal(plain.Run(input), optimized.Run(input));
        }
    }

    /// <summary>Gives some channels other biases, weights of 0 or random weights.</summary>
    private static void Mutate(ModelGraph graph, Random random)
    {
        foreach (Node node in graph.Nodes.Where(node => node.Operator is Conv2D or FullyConnected))
        {
            var weights = (sbyte[])node.Inputs[1]!.Data!.Clone();
            var bias = (int[])node.Inputs[2]!.Data!.Clone();
            int length = weights.Length / bias.Length;
            for (int channel = 0; channel < bias.Length; channel++)
            {
                Span<byte> filter = MemoryMarshal.AsBytes(weights.AsSpan(channel * length, length));
                switch (random.Next(12))
                {
                    case 0:
                        bias[channel] = random.Next(2) == 0 ? int.MinValue : int.MaxValue;
                        break;
                    case 1:
                        bias[channel] -= random.Next(100_000);
                        break;
                    case 2:
                        filter.Clear();
                        break;
                    case 3:
                        random.NextBytes(filter);
                        break;
                }
            }
            node.Inputs[1]!.Data = weights;
            node.Inputs[2]!.Data = bias;
        }
    }

    private static ModelGraph Load(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        return ModelLoader.Load(SharedData.File("golden", name, "model.tflite"));
    }
}
