using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class ConvolutionTests
{
    [Fact]
    public void Convolution_is_the_sum_of_products_under_the_window_for_any_window_and_groups() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).Two().ToArbitrary(), Gen.Elements(true, false).ToArbitrary(),
        (window, outputs, hasBias) =>
        {
            int groups = window.Input[3] % outputs.Item1 == 0 ? outputs.Item1 : 1;
            int groupInputs = window.Input[3] / groups, groupOutputs = outputs.Item2, channels = groups * groupOutputs;
            var weightShape = new Shape(channels, window.Window.KernelHeight, window.Window.KernelWidth, groupInputs);
            float[] x = Nodes.Random(window.Seed, window.Input), w = Nodes.Random(window.Seed + 1, weightShape);
            float[]? bias = hasBias ? Nodes.Random(window.Seed + 2, new Shape(channels)) : null;
            double[] expected = window.Expected(channels, (n, oy, ox, oc) =>
            {
                double sum = bias?[oc] ?? 0;
                int tap = 0;
                foreach ((int Y, int X)? at in window.Taps(oy, ox))
                {
                    for (int c = 0; at is not null && c < groupInputs; c++)
                    {
                        int channel = oc / groupOutputs * groupInputs + c;
                        sum += (double)x[window.Index(n, at.Value.Y, at.Value.X, channel)]
                            * w[(oc * window.Window.KernelHeight * window.Window.KernelWidth + tap) * groupInputs + c];
                    }
                    tap++;
                }
                return sum;
            });
            return Nodes.AreClose(expected, Nodes.Run(
                new Conv2D(window.Window, window.Activation), window.Output(channels),
                (window.Input, x), (weightShape, w), bias is null ? null : (new Shape(channels), bias)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Depthwise_convolution_gives_each_input_channel_its_own_filters() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(),
        (window, multiplier, hasBias) =>
        {
            int channels = window.Input[3] * multiplier;
            var weightShape = new Shape(1, window.Window.KernelHeight, window.Window.KernelWidth, channels);
            float[] x = Nodes.Random(window.Seed, window.Input), w = Nodes.Random(window.Seed + 1, weightShape);
            float[]? bias = hasBias ? Nodes.Random(window.Seed + 2, new Shape(channels)) : null;
            double[] expected = window.Expected(channels, (n, oy, ox, oc) => window.Taps(oy, ox).Select((at, tap) => at is null
                ? 0
                : (double)x[window.Index(n, at.Value.Y, at.Value.X, oc / multiplier)] * w[tap * channels + oc]).Sum() + (bias?[oc] ?? 0));
            return Nodes.AreClose(expected, Nodes.Run(
                new DepthwiseConv2D(window.Window, window.Activation), window.Output(channels),
                (window.Input, x), (weightShape, w), bias is null ? null : (new Shape(channels), bias)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fully_connected_takes_one_dot_product_for_each_output_and_batch() => Prop.ForAll(
        Gen.Choose(1, 3).ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(),
        (batches, inputs, outputs) =>
        {
            float[] x = Nodes.Random(batches, new Shape(batches, inputs)), w = Nodes.Random(inputs, new Shape(outputs, inputs));
            float[] bias = Nodes.Random(outputs, new Shape(outputs));
            double[] expected = [.. Enumerable.Range(0, batches * outputs).Select(i => Math.Max(0, bias[i % outputs]
                + Enumerable.Range(0, inputs).Sum(k => (double)x[i / outputs * inputs + k] * w[i % outputs * inputs + k])))];
            return Nodes.AreClose(expected, Nodes.Run(
                new FullyConnected(Activation.Relu), new Shape(batches, outputs),
                (new Shape(batches, inputs), x), (new Shape(outputs, inputs), w), (new Shape(outputs), bias)));
        }).QuickCheckThrowOnFailure();
}
