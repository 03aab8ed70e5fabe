using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Linear interpolation over height and width, all channels of a position at once.</summary>
internal static class ResizeBilinearKernel
{
    public static void Run(NodeCall call)
    {
        var op = call.Operator<ResizeBilinear>();
        Shape x = call.ShapeOf(0), y = call.Node.Output.Shape;
        int channels = x[3];
        int position = 0;
        for (int n = 0; n < y[0]; n++)
        {
            for (int oy = 0; oy < y[1]; oy++)
            {
                var vertical = Neighbours.Of(oy, x[1], y[1], op);
                for (int ox = 0; ox < y[2]; ox++, position++)
                {
                    var horizontal = Neighbours.Of(ox, x[2], y[2], op);
                    Span<float> result = call.Output.AsSpan(position * channels, channels);
                    result.Clear();
                    Add(call.Input, n, vertical.Lower, horizontal.Lower, (1 - vertical.Fraction) * (1 - horizontal.Fraction), x, result);
                    Add(call.Input, n, vertical.Upper, horizontal.Lower, vertical.Fraction * (1 - horizontal.Fraction), x, result);
                    Add(call.Input, n, vertical.Lower, horizontal.Upper, (1 - vertical.Fraction) * horizontal.Fraction, x, result);
                    Add(call.Input, n, vertical.Upper, horizontal.Upper, vertical.Fraction * horizontal.Fraction, x, result);
                }
            }
        }
    }

    private static void Add(float[] input, int n, int y, int x, float weight, Shape shape, Span<float> sum) =>
        TensorPrimitives.MultiplyAdd(input.AsSpan((((n * shape[1]) + y) * shape[2] + x) * shape[3], shape[3]), weight, sum, sum);

    /// <summary>The two elements of an axis around a position, and how far it is from the lower one.</summary>
    private readonly record struct Neighbours(int Lower, int Upper, float Fraction)
    {
        public static Neighbours Of(int index, int input, int output, ResizeBilinear op)
        {
            float scale = op.AlignCorners && output > 1 ? (input - 1) / (float)(output - 1) : input / (float)output;
            float position = op.HalfPixelCenters ? ((index + 0.5f) * scale) - 0.5f : index * scale;
            position = Math.Clamp(position, 0, input - 1);
            int lower = (int)position;
            return new Neighbours(lower, Math.Min(lower + 1, input - 1), position - lower);
        }
    }
}
