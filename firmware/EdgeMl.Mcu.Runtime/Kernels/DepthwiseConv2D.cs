using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 depthwise convolution, NHWC: output channel <c>o = c * multiplier + m</c> sees input channel <c>c</c> only:
/// <c>out = requantise(bias[o] + Σ w[ky, kx, o] * (x[c] - zp))</c>, where padding counts as <c>x = zp</c>.
/// </summary>
/// <remarks>
/// Weights: w [OC, KH, KW] int8, each channel's window in one piece, then a <see cref="ChannelTable"/> whose bias holds <c>-zp_in * Σ w</c> over all taps.
/// </remarks>
public sealed class DepthwiseConv2D : Kernel
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
        layer.Range(InputZeroPoint, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        int outputChannels = layer.Dimension(P.OutputChannels);
        layer.Check(outputChannels % layer.Dimension(P.InputChannels) == 0);
        ChannelTable.Validate(layer, layer.Product(layer.Product(layer.Dimension(P.KernelHeight), layer.Dimension(P.KernelWidth)), outputChannels), outputChannels);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorDepthwiseConv2D.TryRun(frame))
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
        int filterSize = kernelHeight * kernelWidth;
        int table = ChannelTable.Start(frame.WeightOffset, filterSize * outputChannels);
        int depthMultiplier = outputChannels / inputChannels;
        int inputRow = inputWidth * inputChannels;
        int tapStep = dilationWidth * inputChannels;
        int batches = frame.Int(P.Batches);

        for (int oc = 0; oc < outputChannels; oc++)
        {
            int bias = BitConverter.ToInt32(weights, table + (oc << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputChannels + oc) << 2));
            int shift = (sbyte)weights[table + (outputChannels << 3) + oc];
            int filter = frame.WeightOffset + (oc * filterSize);
            int image = frame.Int(P.Input) + (oc / depthMultiplier);
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
                            accumulator += inputZeroPoint * P.MissingTaps(weights, filter, kernelHeight, kernelWidth, 1, firstY, endY, firstX, endX);
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int x = image + ((originY + (ky * dilationHeight)) * inputRow) + ((originX + (firstX * dilationWidth)) * inputChannels);
                            int w = filter + (ky * kernelWidth) + firstX;
                            int end = filter + (ky * kernelWidth) + endX;
                            while (w < end)
                            {
                                accumulator += arena[x] * (sbyte)weights[w++];
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
