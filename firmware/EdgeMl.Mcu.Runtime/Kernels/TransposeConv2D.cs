using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 transposed convolution, NHWC: <c>out[oy, ox, o] = requantise(bias[o] + Σ w[o, ky, kx, c] * (x[iy, ix, c] - zp))</c> over all taps and inputs with
/// <c>oy = iy * stride - pad + ky</c>, and columns alike.
/// </summary>
/// <remarks>
/// Weights: w [OC, KH, KW, IC] int8, then a <see cref="ChannelTable"/> with the bias as it is. No dilation.
/// </remarks>
public sealed class TransposeConv2D : Kernel
{
    /// <summary>Parameter: zero point of the input.</summary>
    public const int InputZeroPoint = P.Count;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = P.Count + 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 2;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Check(layer.Int(P.DilationHeight) == 1 && layer.Int(P.DilationWidth) == 1);
        layer.Range(InputZeroPoint, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        int outputChannels = layer.Dimension(P.OutputChannels);
        int filter = layer.Product(layer.Dimension(P.KernelHeight), layer.Dimension(P.KernelWidth), layer.Dimension(P.InputChannels), outputChannels);
        ChannelTable.Validate(layer, filter, outputChannels);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int channels = frame.Int(P.InputChannels);
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int outputChannels = frame.Int(P.OutputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideHeight = frame.Int(P.StrideHeight);
        int strideWidth = frame.Int(P.StrideWidth);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int zeroPoint = frame.Int(InputZeroPoint);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int inputRow = inputWidth * channels;
        int filterRow = kernelWidth * channels;
        int filterSize = kernelHeight * filterRow;
        int table = ChannelTable.Start(frame.WeightOffset, filterSize * outputChannels);
        int batches = frame.Int(P.Batches);

        for (int oc = 0; oc < outputChannels; oc++)
        {
            int bias = BitConverter.ToInt32(weights, table + (oc << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputChannels + oc) << 2));
            int shift = (sbyte)weights[table + (outputChannels << 3) + oc];
            int filter = frame.WeightOffset + (oc * filterSize);
            int image = frame.Int(P.Input);
            int y = frame.Int(P.Output) + oc;
            for (int b = 0; b < batches; b++)
            {
                for (int oy = frame.Int(P.PadTop); oy < outputHeight + frame.Int(P.PadTop); oy++)
                {
                    int firstY = FirstTap(oy, strideHeight, inputHeight);
                    for (int ox = frame.Int(P.PadLeft); ox < outputWidth + frame.Int(P.PadLeft); ox++)
                    {
                        int firstX = FirstTap(ox, strideWidth, inputWidth);
                        int accumulator = bias;
                        int iy = (oy - firstY) / strideHeight;
                        for (int ky = firstY; ky < kernelHeight && iy >= 0; ky += strideHeight)
                        {
                            int ix = (ox - firstX) / strideWidth;
                            for (int kx = firstX; kx < kernelWidth && ix >= 0; kx += strideWidth)
                            {
                                int x = image + (iy * inputRow) + (ix * channels);
                                int w = filter + (ky * filterRow) + (kx * channels);
                                int end = x + channels;
                                while (x < end)
                                    accumulator += (arena[x++] - zeroPoint) * (sbyte)weights[w++];
                                ix--;
                            }
                            iy--;
                        }
                        accumulator = FixedPoint.MultiplyByQuantizedMultiplier(accumulator, multiplier, shift) + outputZeroPoint;
                        if (accumulator < low)
                            accumulator = low;
                        if (accumulator > high)
                            accumulator = high;
                        arena[y] = (sbyte)accumulator;
                        y += outputChannels;
                    }
                }
                image += inputHeight * inputRow;
            }
        }
    }

    /// <summary>The first tap under which an input lies, for an output position counted from the padding's start; inputs go down as taps go up, a stride at a time.</summary>
    private static int FirstTap(int position, int stride, int size)
    {
        int tap = position % stride;
        int beyond = position - tap - ((size - 1) * stride);
        return beyond > 0 ? tap + beyond : tap;
    }
}
