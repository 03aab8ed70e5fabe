using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Transposed convolution: every input pixel is spread over the outputs under the kernel.</summary>
internal static class TransposeConvKernel
{
    public static void Run(NodeCall call)
    {
        var op = call.Operator<TransposeConv2D>();
        Shape x = call.ShapeOf(0), y = call.Node.Output.Shape;
        int channels = x[3];
        Start(call, y[3]);
        int position = 0;
        for (int n = 0; n < x[0]; n++)
        {
            for (int iy = 0; iy < x[1]; iy++)
            {
                for (int ix = 0; ix < x[2]; ix++, position++)
                    Spread(call, op.Window, call.Input.AsSpan(position * channels, channels), n, iy, ix);
            }
        }
        op.Activation.Apply(call.Output);
    }

    private static void Start(NodeCall call, int channels)
    {
        call.Output.AsSpan().Clear();
        if (call.OrNull(2) is not { } bias)
            return;
        for (int i = 0; i < call.Output.Length; i += channels)
            bias.CopyTo(call.Output, i);
    }

    private static void Spread(NodeCall call, Window window, ReadOnlySpan<float> pixel, int n, int iy, int ix)
    {
        Shape y = call.Node.Output.Shape;
        ReadOnlySpan<float> weights = call.Required(1);
        int taps = window.KernelHeight * window.KernelWidth;
        for (int tap = 0; tap < taps; tap++)
        {
            int oy = (iy * window.StrideHeight) - window.PadTop + (tap / window.KernelWidth * window.DilationHeight);
            int ox = (ix * window.StrideWidth) - window.PadLeft + (tap % window.KernelWidth * window.DilationWidth);
            if ((uint)oy >= (uint)y[1] || (uint)ox >= (uint)y[2])
                continue;
            Span<float> result = call.Output.AsSpan((((n * y[1]) + oy) * y[2] + ox) * y[3], y[3]);
            for (int channel = 0; channel < result.Length; channel++)
                result[channel] += TensorPrimitives.Dot(pixel, weights.Slice(((channel * taps) + tap) * pixel.Length, pixel.Length));
        }
    }
}
