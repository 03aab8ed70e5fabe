using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 convolution, NHWC, any window, dilation, padding and groups:
/// <c>out = requantise(bias[o] + Σ w[o, ky, kx, c] * (x - zp))</c>, where padding counts as <c>x = zp</c>.
/// </summary>
/// <remarks>
/// Weights: w [OC, KH, KW, IC / groups] int8, then a <see cref="ChannelTable"/> whose bias holds <c>-zp_in * Σ w</c> over all taps.
/// A window that reaches into padding gets <c>zp_in * Σ w</c> over its missing taps back.
/// </remarks>
public sealed class Conv2D : Kernel
{
    /// <summary>Parameter: zero point of the input.</summary>
    public const int InputZeroPoint = P.Count;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = P.Count + 1;

    /// <summary>Parameter: number of groups; divides both channel counts.</summary>
    public const int Groups = P.Count + 2;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 3;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        ValidateLayer(layer, false);
    }

    /// <summary>Checks the parameters above and the weights; a kernel that has more parameters begins with these.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="fourBits">Whether its weights are <see cref="FourBitRows"/>.</param>
    public static void ValidateLayer(LayerReader layer, bool fourBits)
    {
        P.Validate(layer);
        layer.Range(InputZeroPoint, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        int inputChannels = layer.Dimension(P.InputChannels);
        int outputChannels = layer.Dimension(P.OutputChannels);
        int groups = layer.Dimension(Groups);
        layer.Check(inputChannels % groups == 0 && outputChannels % groups == 0);
        int filter = layer.Product(layer.Dimension(P.KernelHeight), layer.Dimension(P.KernelWidth), inputChannels / groups, 1);
        ChannelTable.Validate(layer, layer.Product(fourBits ? FourBitRows.Bytes(filter) : filter, outputChannels), outputChannels);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorConv2D.TryRun(frame))
            return;
#endif
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
        int padTop = frame.Int(P.PadTop);
        int padLeft = frame.Int(P.PadLeft);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int inputZeroPoint = frame.Int(InputZeroPoint);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int groups = frame.Int(Groups);
        int filterChannels = inputChannels / groups;
        int groupOutputs = outputChannels / groups;
        int filterRow = kernelWidth * filterChannels;
        int filterSize = kernelHeight * filterRow;
        int table = ChannelTable.Start(frame.WeightOffset, filterSize * outputChannels);
        int inputRow = inputWidth * inputChannels;
        int tapStep = dilationWidth * inputChannels;
        bool contiguous = groups == 1 && dilationWidth == 1;
        int batches = frame.Int(P.Batches);

        for (int oc = 0; oc < outputChannels; oc++)
        {
            int bias = BitConverter.ToInt32(weights, table + (oc << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputChannels + oc) << 2));
            int shift = (sbyte)weights[table + (outputChannels << 3) + oc];
            int filter = frame.WeightOffset + (oc * filterSize);
            int image = frame.Int(P.Input) + (oc / groupOutputs * filterChannels);
            int y = frame.Int(P.Output) + oc;
            for (int b = 0; b < batches; b++)
            {
                int originY = -padTop;
                for (int oy = 0; oy < outputHeight; oy++)
                {
                    int firstY = P.FirstTap(originY, dilationHeight);
                    int endY = P.EndTap(originY, dilationHeight, kernelHeight, inputHeight);
                    int originX = -padLeft;
                    for (int ox = 0; ox < outputWidth; ox++)
                    {
                        int firstX = originX >= 0 ? 0 : P.FirstTap(originX, dilationWidth);
                        int endX = P.EndTap(originX, dilationWidth, kernelWidth, inputWidth);
                        int accumulator = bias;
                        if (inputZeroPoint != 0 && (endX - firstX != kernelWidth || endY - firstY != kernelHeight))
                            accumulator += inputZeroPoint * P.MissingTaps(weights, filter, kernelHeight, kernelWidth, filterChannels, firstY, endY, firstX, endX);
                        int runs = contiguous ? 1 : endX - firstX;
                        int length = contiguous ? (endX - firstX) * filterChannels : filterChannels;
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int x = image + ((originY + (ky * dilationHeight)) * inputRow) + ((originX + (firstX * dilationWidth)) * inputChannels);
                            int w = filter + (ky * filterRow) + (firstX * filterChannels);
                            for (int run = 0; run < runs; run++)
                            {
                                int i = x;
                                int end = x + length;
                                int unrolledEnd = end - 7;
                                while (i < unrolledEnd)
                                {
                                    accumulator += (arena[i] * (sbyte)weights[w]) + (arena[i + 1] * (sbyte)weights[w + 1])
                                        + (arena[i + 2] * (sbyte)weights[w + 2]) + (arena[i + 3] * (sbyte)weights[w + 3])
                                        + (arena[i + 4] * (sbyte)weights[w + 4]) + (arena[i + 5] * (sbyte)weights[w + 5])
                                        + (arena[i + 6] * (sbyte)weights[w + 6]) + (arena[i + 7] * (sbyte)weights[w + 7]);
                                    i += 8;
                                    w += 8;
                                }
                                while (i < end)
                                    accumulator += arena[i++] * (sbyte)weights[w++];
                                x += tapStep;
                            }
                        }
                        accumulator = FixedPoint.MultiplyByQuantizedMultiplier(accumulator, multiplier, shift) + outputZeroPoint;
                        if (accumulator < low)
                            accumulator = low;
                        if (accumulator > high)
                            accumulator = high;
                        arena[y] = (sbyte)accumulator;
                        y += outputChannels;
                        originX += strideWidth;
                    }
                    originY += strideHeight;
                }
                image += inputHeight * inputRow;
            }
        }
    }
}
