using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class AutoQuantizerTests
{
    private static readonly ModelGraph Network = RandomConvolutions.Create(3);

    [Fact]
    public void Samples_that_are_held_back_have_no_part_in_any_range()
    {
        float[][][] samples = Samples(40);
        AutoQuantization plain = Quantize(samples);
        Assert.True(plain.IsHeldBack);
        Assert.Equal((30, 10), (plain.EstimationSamples, plain.MeasuredSamples));
        foreach (int heldBack in CalibrationSplit.Of(samples.Length).HeldBack)
            samples[heldBack][0][0] = 1000;
        ModelGraph graph = Quantize(samples).Result.Graph;
        Assert.InRange(graph.Inputs[0].Tensor.Quantization!.Scale, 0, 2.1f / 255);
    }

    [Fact]
    public void Few_samples_are_all_used_for_both_and_the_result_says_so()
    {
        AutoQuantization auto = Quantize(Samples(AutoQuantizer.HeldBackFrom - 1));
        Assert.False(auto.IsHeldBack);
        Assert.Equal((19, 19), (auto.EstimationSamples, auto.MeasuredSamples));
        Assert.Equal(1, Quantize(Samples(1)).MeasuredSamples);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void What_is_kept_is_never_noisier_than_plain_ranges_but_where_it_agrees_more(int bits)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            ModelGraph graph = RandomConvolutions.Create(seed);
            AutoQuantization auto = AutoQuantizer.Quantize(
                graph, GraphBuilder.Uniform(60, graph.Inputs[0].Tensor.Shape.ElementCount, -1, 1), null, new QuantizationOptions { WeightBits = bits },
                cancellation: TestContext.Current.CancellationToken);
            QuantizationQuality first = auto.Steps[0].Quality;
            Assert.True(auto.Quality.SignalToNoiseDb >= first.SignalToNoiseDb || auto.Quality.Agreement > first.Agreement, $"{first} {auto.Quality}");
            Assert.Equal(auto.Quality, auto.Steps.Last(step => step.IsKept).Quality);
        }
    }

    [Fact]
    public void Data_aware_rounding_gains_much_with_4_bits()
    {
        ModelGraph graph = RandomConvolutions.Create(11);
        float[][][] samples = GraphBuilder.Uniform(80, graph.Inputs[0].Tensor.Shape.ElementCount, 0, 1);
        double Noise(QuantizationOptions options) =>
            QuantizationQuality.Measure(graph, GraphBuilder.Quantize(graph, samples, options).Graph, samples, null).SignalToNoiseDb!.Value;
        var plain = new QuantizationOptions { WeightBits = 4 };
        double better = Noise(plain with { Rounding = WeightRounding.SecondMoments, CorrectBias = true });
        Assert.True(better > Noise(plain) + 3, $"{better} {Noise(plain)}");
    }

    [Fact]
    public void The_result_is_the_same_every_time()
    {
        AutoQuantization first = Quantize(Samples(40)), second = Quantize(Samples(40));
        Assert.Equal(first.Steps, second.Steps);
        Assert.Equal(
            Toolchain.Emit.EmlmCompiler.Compile(first.Result.Graph).Bytes, Toolchain.Emit.EmlmCompiler.Compile(second.Result.Graph).Bytes);
    }

    [Fact]
    public void Labels_make_accuracy_count()
    {
        float[][][] samples = Samples(40);
        AutoQuantization auto = Quantize(samples, [.. samples.Select((_, i) => i % 3)]);
        Assert.NotNull(auto.Quality.Accuracy);
        Assert.NotNull(auto.Quality.RealAccuracy);
        Assert.Null(Quantize(samples).Quality.Accuracy);
    }

    [Fact]
    public void There_must_be_a_label_for_each_sample()
    {
        ToolchainException e = Assert.Throws<ToolchainException>(() => Quantize(Samples(40), new int[39]));
        Assert.Equal(ErrorCodes.SampleCountMismatch, e.Code);
    }

    [Fact]
    public void Samples_that_never_change_are_refused()
    {
        float[][][] samples = [.. Samples(30).Select(sample => new[] { new float[sample[0].Length] })];
        Assert.Equal(ErrorCodes.BadCalibrationData, Assert.Throws<ToolchainException>(() => Quantize(samples)).Code);
    }

    [Fact]
    public void A_model_with_one_output_has_no_agreement()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 3);
        builder.Output(builder.FullyConnected("y", x, [1, -2, 0.5f], [0.1f]));
        AutoQuantization auto = AutoQuantizer.Quantize(builder.Graph, GraphBuilder.Uniform(40, 3, -1, 1), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(auto.Quality.Agreement);
        Assert.InRange(auto.Quality.SignalToNoiseDb!.Value, 15, 80);
    }

    [Fact]
    public void One_sample_more_says_less_than_the_noise()
    {
        MeasuredQuality Of(double noise, int right) => new(
            new QuantizationQuality(100, null, null, right / 100.0, null), noise, null, [.. Enumerable.Range(0, 100).Select(i => i < right)]);
        Assert.True(Of(0.01, 98).IsBetterThan(Of(0.02, 99)));
        Assert.False(Of(0.01, 95).IsBetterThan(Of(0.02, 99)));
        Assert.True(Of(0.02, 99).IsBetterThan(Of(0.01, 95)));
        Assert.False(Of(0.01, 99).IsBetterThan(Of(0.01, 99)));
    }

    private static AutoQuantization Quantize(float[][][] samples, int[]? labels = null) =>
        AutoQuantizer.Quantize(Network, samples, labels, cancellation: TestContext.Current.CancellationToken);

    private static float[][][] Samples(int count) => GraphBuilder.Uniform(count, Network.Inputs[0].Tensor.Shape.ElementCount, -1, 1);
}
