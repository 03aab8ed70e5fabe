using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Transposed convolution of int16 activations with int8 weights, NHWC, with 64-bit accumulators; all zero points are 0. Output row oy sums over all taps ky and input
/// rows iy with <c>oy = iy * stride - pad + ky</c>, and columns alike.
/// </summary>
/// <remarks>Weights: w [OC, KH, KW, IC] int8, then a <see cref="WideChannelTable"/>. No dilation.</remarks>
public sealed class TransposeConv2DInt16 : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Range(P.ActivationMax, layer.Range(P.ActivationMin, short.MinValue, short.MaxValue), short.MaxValue);
        layer.Check(layer.Int(P.DilationHeight) == 1 && layer.Int(P.DilationWidth) == 1);
        int outputChannels = layer.Dimension(P.OutputChannels);
        int filter = layer.Product(layer.Dimension(P.KernelHeight), layer.Dimension(P.KernelWidth), layer.Dimension(P.InputChannels), outputChannels);
        WideChannelTable.Validate(layer, filter, outputChannels, true);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int outputChannels = frame.Int(P.OutputChannels);
        int channels = frame.Int(P.InputChannels);
        int filterSize = frame.Int(P.KernelHeight) * frame.Int(P.KernelWidth) * channels;
        int imageBytes = 2 * frame.Int(P.InputHeight) * frame.Int(P.InputWidth) * channels;
        int table = ChannelTable.Start(frame.WeightOffset, filterSize * outputChannels);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int batches = frame.Int(P.Batches);
        for (int oc = 0; oc < outputChannels; oc++)
        {
            long bias = BitConverter.ToInt64(weights, table + (oc << 3));
            int multiplier = BitConverter.ToInt32(weights, table + (outputChannels << 3) + (oc << 2));
            int shift = (sbyte)weights[table + (12 * outputChannels) + oc];
            int filter = frame.WeightOffset + (oc * filterSize);
            int image = frame.Int(P.Input);
            int y = frame.Int(P.Output) + (2 * oc);
            for (int b = 0; b < batches; b++)
            {
                for (int oy = 0; oy < outputHeight; oy++)
                {
                    for (int ox = 0; ox < outputWidth; ox++)
                    {
                        long sum = bias + Sum(frame, image, filter, oy + frame.Int(P.PadTop), ox + frame.Int(P.PadLeft));
                        int value = FixedPoint.MultiplyByReducedMultiplier(sum, multiplier, shift);
                        if (value < low)
                            value = low;
                        if (value > high)
                            value = high;
                        Element.WriteInt16(arena, y, value);
                        y += 2 * outputChannels;
                    }
                }
                image += imageBytes;
            }
        }
    }

    /// <summary>Products of one output; its row and column are counted from the padding's start.</summary>
    private static long Sum(Frame frame, int image, int filter, int row, int column)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int channels = frame.Int(P.InputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideHeight = frame.Int(P.StrideHeight);
        int strideWidth = frame.Int(P.StrideWidth);
        long sum = 0;
        for (int ky = row % strideHeight; ky < kernelHeight && ky <= row; ky += strideHeight)
        {
            int iy = (row - ky) / strideHeight;
            for (int kx = column % strideWidth; iy < inputHeight && kx < kernelWidth && kx <= column; kx += strideWidth)
            {
                int ix = (column - kx) / strideWidth;
                if (ix >= inputWidth)
                    continue;
                int x = image + (2 * ((iy * inputWidth) + ix) * channels);
                int w = filter + (((ky * kernelWidth) + kx) * channels);
                int end = w + channels;
                while (w < end)
                {
                    sum += ((arena[x] & 0xFF) | (arena[x + 1] << 8)) * (sbyte)weights[w++];
                    x += 2;
                }
            }
        }
        return sum;
    }
}
