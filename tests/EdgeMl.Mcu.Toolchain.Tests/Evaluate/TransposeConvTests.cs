using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class TransposeConvTests
{
    [Fact]
    public void Transposed_convolution_is_the_adjoint_of_convolution_for_any_window() => Prop.ForAll(
        WindowCase.Arbitrary, Gen.Choose(1, 3).ToArbitrary(),
        (window, channels) =>
        {
            Shape image = window.Input, positions = window.Output(channels);
            Window spread = Exact(window.Window, image, positions);
            var filterShape = new Shape(channels, window.Window.KernelHeight, window.Window.KernelWidth, image[3]);
            float[] filter = Nodes.Random(window.Seed, filterShape);
            float[] swapped = Nodes.Run(new Transpose([3, 1, 2, 0]), filterShape.Permute([3, 1, 2, 0]), (filterShape, filter));
            float[] y = Nodes.Random(window.Seed + 1, image), x = Nodes.Random(window.Seed + 2, positions);
            float[] forward = Nodes.Run(new Conv2D(window.Window), positions, (image, y), (filterShape, filter));
            float[] backward = Nodes.Run(new TransposeConv2D(spread), image, (positions, x), (filterShape.Permute([3, 1, 2, 0]), swapped));
            return Math.Abs(Dot(forward, x) - Dot(y, backward)) <= 1e-3;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bias_reaches_every_output_and_the_activation_comes_last()
    {
        float[] y = Nodes.Run(
            new TransposeConv2D(new Window(1, 1, 2, 2, PadBottom: -1, PadRight: -1), Activation.Relu6), new Shape(1, 2, 4, 1),
            (new Shape(1, 1, 2, 1), [3, -5]), (new Shape(1, 1, 1, 1), [2]), (new Shape(1), [1]));
        Assert.Equal([6, 1, 0, 1, 1, 1, 1, 1], y);
    }

    /// <summary>The same window with the padding behind that makes the transposed output the image, rows that a stride skips included.</summary>
    private static Window Exact(Window window, Shape image, Shape positions)
    {
        Window open = window with { PadBottom = 0, PadRight = 0 };
        return open with
        {
            PadBottom = open.TransposedHeight(positions[1]) - image[1],
            PadRight = open.TransposedWidth(positions[2]) - image[2],
        };
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b).Sum(pair => (double)pair.First * pair.Second);
}
