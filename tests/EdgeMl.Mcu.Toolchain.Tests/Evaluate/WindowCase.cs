using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

/// <summary>A random input and window whose output is not empty.</summary>
internal sealed record WindowCase(Shape Input, Window Window, Activation Activation, int Seed)
{
    public static Arbitrary<WindowCase> Arbitrary { get; } = (
        from batch in Gen.Choose(1, 2)
        from height in Gen.Choose(1, 7)
        from width in Gen.Choose(1, 7)
        from channels in Gen.Elements(1, 2, 3, 4, 9)
        from kernel in Gen.Choose(1, 3).Two()
        from stride in Gen.Choose(1, 3).Two()
        from dilation in Gen.Elements(1, 1, 2).Two()
        from pad in Gen.Choose(0, 2).Four()
        from activation in Gen.Elements(Enum.GetValues<Activation>())
        from seed in Gen.Choose(0, int.MaxValue)
        let window = new Window(
            kernel.Item1, kernel.Item2, stride.Item1, stride.Item2, dilation.Item1, dilation.Item2,
            pad.Item1, pad.Item2, pad.Item3, pad.Item4)
        where window.Fits(height, width)
        select new WindowCase(new Shape(batch, height, width, channels), window, activation, seed)).ToArbitrary();

    public Shape Output(int channels) =>
        new(Input[0], Window.OutputHeight(Input[1]), Window.OutputWidth(Input[2]), channels);

    /// <summary>Input positions under each tap, null for padding; taps in row-major order.</summary>
    public IEnumerable<(int Y, int X)?> Taps(int oy, int ox)
    {
        for (int ky = 0; ky < Window.KernelHeight; ky++)
        {
            for (int kx = 0; kx < Window.KernelWidth; kx++)
            {
                int y = oy * Window.StrideHeight + ky * Window.DilationHeight - Window.PadTop;
                int x = ox * Window.StrideWidth + kx * Window.DilationWidth - Window.PadLeft;
                yield return y >= 0 && y < Input[1] && x >= 0 && x < Input[2] ? (y, x) : null;
            }
        }
    }

    /// <summary>A value for each output element, in row-major order, from (batch, oy, ox, channel).</summary>
    public double[] Expected(int channels, Func<int, int, int, int, double> value)
    {
        Shape output = Output(channels);
        var result = new List<double>();
        for (int n = 0; n < output[0]; n++)
        {
            for (int oy = 0; oy < output[1]; oy++)
            {
                for (int ox = 0; ox < output[2]; ox++)
                {
                    for (int c = 0; c < channels; c++)
                        result.Add(Nodes.Clamp(Activation, value(n, oy, ox, c)));
                }
            }
        }
        return [.. result];
    }

    /// <summary>Index of an input element.</summary>
    public int Index(int n, int y, int x, int c) => ((n * Input[1] + y) * Input[2] + x) * Input[3] + c;
}

internal static class WindowExtents
{
    /// <summary>Whether the dilated kernel fits into the padded input.</summary>
    public static bool Fits(this Window window, int height, int width) =>
        height + window.PadTop + window.PadBottom > (window.KernelHeight - 1) * window.DilationHeight
        && width + window.PadLeft + window.PadRight > (window.KernelWidth - 1) * window.DilationWidth;
}
