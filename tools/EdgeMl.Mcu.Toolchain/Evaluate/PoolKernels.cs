using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Pooling over NHWC, all channels of a position at once.</summary>
internal static class PoolKernels
{
    public static void Average(NodeCall call)
    {
        var op = call.Operator<AveragePool2D>();
        int kernelTaps = op.Window.KernelHeight * op.Window.KernelWidth;
        ForEachPosition(call, op.Window, (input, channels, taps, result) =>
        {
            result.Clear();
            int count = 0;
            foreach ((_, int y, int x) in taps.Window)
            {
                TensorPrimitives.Add(result, taps.Pixel(input, y, x, channels), result);
                count++;
            }
            TensorPrimitives.Divide(result, op.CountIncludesPadding ? kernelTaps : Math.Max(1, count), result);
        });
        op.Activation.Apply(call.Output);
    }

    public static void Max(NodeCall call)
    {
        var op = call.Operator<MaxPool2D>();
        ForEachPosition(call, op.Window, (input, channels, taps, result) =>
        {
            result.Fill(float.NegativeInfinity);
            foreach ((_, int y, int x) in taps.Window)
                TensorPrimitives.Max(result, taps.Pixel(input, y, x, channels), result);
        });
        op.Activation.Apply(call.Output);
    }

    private delegate void PoolPosition(float[] input, int channels, PositionTaps taps, Span<float> result);

    private static void ForEachPosition(NodeCall call, Window window, PoolPosition pool)
    {
        Shape x = call.ShapeOf(0), y = call.Node.Output.Shape;
        int position = 0;
        for (int n = 0; n < y[0]; n++)
        {
            for (int oy = 0; oy < y[1]; oy++)
            {
                for (int ox = 0; ox < y[2]; ox++, position++)
                {
                    var taps = new PositionTaps(new WindowTaps(window, oy, ox, x[1], x[2]), n * x[1], x[2]);
                    pool(call.Input, x[3], taps, call.Output.AsSpan(position * x[3], x[3]));
                }
            }
        }
    }

    private readonly ref struct PositionTaps(WindowTaps window, int firstRow, int width)
    {
        public WindowTaps Window { get; } = window;

        public ReadOnlySpan<float> Pixel(float[] input, int y, int x, int channels) =>
            input.AsSpan(((firstRow + y) * width + x) * channels, channels);
    }
}
