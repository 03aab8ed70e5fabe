using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class BiasCorrectionTests
{
    [Fact]
    public void A_layer_with_coarse_weights_has_the_mean_output_of_the_float_layer() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 12);
        builder.Output(builder.FullyConnected("y", x, GraphBuilder.Values(random, 36, -1, 1), GraphBuilder.Values(random, 3, -1, 1)));
        float[][][] samples = GraphBuilder.Uniform(60, 12, 0, 1);
        double Shift(bool correct)
        {
            ModelGraph quantized = GraphBuilder.Quantize(builder.Graph, samples, new QuantizationOptions { WeightBits = 4, CorrectBias = correct }).Graph;
            return Difference(Mean(builder.Graph, ActivationPrecision.Real, samples), Mean(quantized, ActivationPrecision.FakeQuantized, samples));
        }
        return Shift(true) < 0.01 && Shift(true) <= Shift(false) + 0.005;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Later_layers_are_corrected_for_what_earlier_ones_left()
    {
        float[][][] samples = GraphBuilder.Uniform(40, 36, -1, 1);
        for (int seed = 0; seed < 20; seed++)
        {
            ModelGraph graph = RandomConvolutions.Create(seed);
            float[][][] fitting = [.. samples.Select(sample => new[] { Enumerable.Repeat(sample[0], graph.Inputs[0].Tensor.Shape[3]).SelectMany(v => v).ToArray() })];
            ModelGraph quantized = GraphBuilder.Quantize(graph, fitting, new QuantizationOptions { WeightBits = 4, CorrectBias = true }).Graph;
            float[] real = Mean(graph, ActivationPrecision.Real, fitting);
            float step = quantized.Outputs[0].Tensor.Quantization!.Scale;
            Assert.InRange(Difference(real, Mean(quantized, ActivationPrecision.FakeQuantized, fitting)), 0, step);
        }
    }

    private static float[] Mean(ModelGraph graph, ActivationPrecision precision, float[][][] samples)
    {
        var executor = new FloatExecutor(graph, precision);
        float[][] outputs = [.. samples.Select(sample => executor.Run(sample)[0])];
        return [.. Enumerable.Range(0, outputs[0].Length).Select(i => outputs.Average(output => output[i]))];
    }

    private static double Difference(float[] a, float[] b) => a.Zip(b).Max(pair => Math.Abs(pair.First - pair.Second));
}
