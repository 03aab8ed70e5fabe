using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Convolutions over NHWC, output position by output position.</summary>
internal static class ConvolutionKernels
{
    /// <summary>Gathers the window under each output position into a patch, then takes one dot product for each output channel.</summary>
    public static void Conv2D(NodeCall call)
    {
        var op = call.Operator<Conv2D>();
        Shape x = call.ShapeOf(0), w = call.ShapeOf(1), y = call.Node.Output.Shape;
        int groupChannels = w[3], groups = x[3] / groupChannels, groupOutputs = w[0] / groups;
        int patchLength = w[1] * w[2] * groupChannels;
        float[]? bias = call.OrNull(2);
        ReadOnlySpan<float> weights = call.Required(1);
        Span<float> patch = call.Scratch(patchLength);
        bool patchIsPixel = w[1] * w[2] * groups == 1 && !op.Window.HasPadding;

        int position = 0;
        for (int n = 0; n < y[0]; n++)
        {
            ReadOnlySpan<float> image = call.Input.AsSpan(n * x[1] * x[2] * x[3], x[1] * x[2] * x[3]);
            for (int oy = 0; oy < y[1]; oy++)
            {
                for (int ox = 0; ox < y[2]; ox++, position++)
                {
                    for (int group = 0; group < groups; group++)
                    {
                        ReadOnlySpan<float> window;
                        if (patchIsPixel)
                        {
                            window = image.Slice((oy * op.Window.StrideHeight * x[2] + ox * op.Window.StrideWidth) * x[3], patchLength);
                        }
                        else
                        {
                            Gather(image, x, op.Window, oy, ox, group * groupChannels, groupChannels, patch);
                            window = patch;
                        }
                        for (int i = 0; i < groupOutputs; i++)
                        {
                            int channel = group * groupOutputs + i;
                            float sum = TensorPrimitives.Dot(window, weights.Slice(channel * patchLength, patchLength));
                            call.Output[position * y[3] + channel] = bias is null ? sum : sum + bias[channel];
                        }
                    }
                }
            }
        }
        op.Activation.Apply(call.Output);
    }

    /// <summary>Adds input row times weight row over the taps; all channels at once.</summary>
    public static void DepthwiseConv2D(NodeCall call)
    {
        var op = call.Operator<DepthwiseConv2D>();
        Shape x = call.ShapeOf(0), y = call.Node.Output.Shape;
        int channels = x[3], outputs = y[3];
        float[]? bias = call.OrNull(2);
        float[] weights = call.Required(1);
        Span<float> repeated = call.Scratch(outputs);

        int position = 0;
        for (int n = 0; n < y[0]; n++)
        {
            for (int oy = 0; oy < y[1]; oy++)
            {
                for (int ox = 0; ox < y[2]; ox++, position++)
                {
                    Span<float> sums = call.Output.AsSpan(position * outputs, outputs);
                    sums.Clear();
                    foreach ((int tap, int iy, int ix) in new WindowTaps(op.Window, oy, ox, x[1], x[2]))
                    {
                        ReadOnlySpan<float> pixel = call.Input.AsSpan(((n * x[1] + iy) * x[2] + ix) * channels, channels);
                        if (outputs != channels)
                            pixel = Repeat(pixel, outputs / channels, repeated);
                        TensorPrimitives.MultiplyAdd(pixel, weights.AsSpan(tap * outputs, outputs), sums, sums);
                    }
                    if (bias is not null)
                        TensorPrimitives.Add(sums, bias, sums);
                }
            }
        }
        op.Activation.Apply(call.Output);
    }

    private static void Gather(
        ReadOnlySpan<float> image, Shape shape, Window window, int oy, int ox, int firstChannel, int channels, Span<float> patch)
    {
        if (window.HasPadding)
            patch.Clear();
        foreach ((int tap, int iy, int ix) in new WindowTaps(window, oy, ox, shape[1], shape[2]))
            image.Slice((iy * shape[2] + ix) * shape[3] + firstChannel, channels).CopyTo(patch[(tap * channels)..]);
    }

    /// <summary>Output channel <c>c * multiplier + m</c> reads input channel <c>c</c>.</summary>
    private static Span<float> Repeat(ReadOnlySpan<float> pixel, int multiplier, Span<float> repeated)
    {
        for (int channel = 0; channel < pixel.Length; channel++)
            repeated.Slice(channel * multiplier, multiplier).Fill(pixel[channel]);
        return repeated;
    }
}
