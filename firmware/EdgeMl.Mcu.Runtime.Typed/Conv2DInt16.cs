using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// Convolution of int16 activations with int8 weights, NHWC, any window, dilation, padding and groups; all zero points are 0. Also depthwise convolutions (as many
/// groups as input channels) and fully connected layers (1x1 windows, one column a row).
/// </summary>
/// <remarks>Weights: w [OC, KH, KW, IC / groups] int8, then a <see cref="WideChannelTable"/>.</remarks>
public sealed class Conv2DInt16 : Kernel
{
    /// <summary>Parameter: number of groups; divides both channel counts.</summary>
    public const int Groups = P.Count;

    /// <summary>Parameter: 1 for a wide layer, with 64-bit accumulators, 0 for 32-bit ones; see <see cref="WideChannelTable"/>.</summary>
    public const int Wide = P.Count + 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 2;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer, 2);
        layer.Range(P.ActivationMax, layer.Range(P.ActivationMin, short.MinValue, short.MaxValue), short.MaxValue);
        bool wide = layer.Range(Wide, 0, 1) != 0;
        int inputChannels = layer.Dimension(P.InputChannels);
        int outputChannels = layer.Dimension(P.OutputChannels);
        int groups = layer.Dimension(Groups);
        layer.Check(inputChannels % groups == 0 && outputChannels % groups == 0);
        int filter = layer.Product(layer.Dimension(P.KernelHeight), layer.Dimension(P.KernelWidth), inputChannels / groups, outputChannels);
        WideChannelTable.Validate(layer, filter, outputChannels, wide);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(P.InputHeight);
        int inputWidth = frame.Int(P.InputWidth);
        int inputChannels = frame.Int(P.InputChannels);
        int outputHeight = frame.Int(P.OutputHeight);
        int outputWidth = frame.Int(P.OutputWidth);
        int outputChannels = frame.Int(P.OutputChannels);
        int kernelHeight = frame.Int(P.KernelHeight);
        int kernelWidth = frame.Int(P.KernelWidth);
        int strideHeight = frame.Int(P.StrideHeight);
        int strideWidth = frame.Int(P.StrideWidth);
        int dilationHeight = frame.Int(P.DilationHeight);
        int dilationWidth = frame.Int(P.DilationWidth);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        bool wide = frame.Int(Wide) != 0;
        int groups = frame.Int(Groups);
        int filterChannels = inputChannels / groups;
        int groupOutputs = outputChannels / groups;
        int filterRow = kernelWidth * filterChannels;
        int filterSize = kernelHeight * filterRow;
        int table = ChannelTable.Start(frame.WeightOffset, filterSize * outputChannels);
        int inputRow = 2 * inputWidth * inputChannels;
        int tapStep = 2 * dilationWidth * inputChannels;
        int batches = frame.Int(P.Batches);

        for (int oc = 0; oc < outputChannels; oc++)
        {
            long bias = BitConverter.ToInt64(weights, table + (oc << 3));
            int multiplier = BitConverter.ToInt32(weights, table + (outputChannels << 3) + (oc << 2));
            int shift = (sbyte)weights[table + (12 * outputChannels) + oc];
            int filter = frame.WeightOffset + (oc * filterSize);
            int image = frame.Int(P.Input) + (oc / groupOutputs * filterChannels * 2);
            int y = frame.Int(P.Output) + (2 * oc);
            for (int b = 0; b < batches; b++)
            {
                int originY = -frame.Int(P.PadTop);
                for (int oy = 0; oy < outputHeight; oy++)
                {
                    int firstY = P.FirstTap(originY, dilationHeight);
                    int endY = P.EndTap(originY, dilationHeight, kernelHeight, inputHeight);
                    int originX = -frame.Int(P.PadLeft);
                    for (int ox = 0; ox < outputWidth; ox++)
                    {
                        int firstX = P.FirstTap(originX, dilationWidth);
                        int endX = P.EndTap(originX, dilationWidth, kernelWidth, inputWidth);
                        long accumulator = bias;
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int tap = image + ((originY + (ky * dilationHeight)) * inputRow) + ((originX + (firstX * dilationWidth)) * inputChannels * 2);
                            int w = filter + (ky * filterRow) + (firstX * filterChannels);
                            for (int kx = firstX; kx < endX; kx++)
                            {
                                int x = tap;
                                int end = w + filterChannels;
                                while (w < end)
                                {
                                    accumulator += ((arena[x] & 0xFF) | (arena[x + 1] << 8)) * (sbyte)weights[w++];
                                    x += 2;
                                }
                                tap += tapStep;
                            }
                        }
                        int value = wide ? FixedPoint.MultiplyByReducedMultiplier(accumulator, multiplier, shift)
                            : FixedPoint.MultiplyByQuantizedMultiplier((int)accumulator, multiplier, shift);
                        if (value < low)
                            value = low;
                        if (value > high)
                            value = high;
                        arena[y] = (sbyte)value;
                        arena[y + 1] = (sbyte)(value >> 8);
                        y += 2 * outputChannels;
                        originX += strideWidth;
                    }
                    originY += strideHeight;
                }
                image += inputHeight * inputRow;
            }
        }
    }
}
