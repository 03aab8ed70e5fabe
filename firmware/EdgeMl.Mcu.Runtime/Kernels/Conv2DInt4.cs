using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary><see cref="Conv2D"/> with 4-bit weights: the same outputs as that kernel gives for the same weights in 8 bits, in half of the space.</summary>
/// <remarks>
/// Parameters: those of <see cref="Conv2D"/>. Weights: <see cref="FourBitRows"/>, one of KH × KW × IC / groups for each output channel, then a
/// <see cref="ChannelTable"/> as there.
/// </remarks>
public sealed class Conv2DInt4 : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => Conv2D.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        Conv2D.ValidateLayer(layer, true);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorInt4.TryRunConv2D(frame))
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
        int inputZeroPoint = frame.Int(Conv2D.InputZeroPoint);
        int outputZeroPoint = frame.Int(Conv2D.OutputZeroPoint);
        int groups = frame.Int(Conv2D.Groups);
        int filterChannels = inputChannels / groups;
        int groupOutputs = outputChannels / groups;
        int rowTaps = kernelWidth * filterChannels;
        int rowBytes = FourBitRows.Bytes(kernelHeight * rowTaps);
        int table = ChannelTable.Start(frame.WeightOffset, rowBytes * outputChannels);
        int inputRow = inputWidth * inputChannels;
        int tapStep = dilationWidth * inputChannels;
        bool contiguous = groups == 1 && dilationWidth == 1;
        int batches = frame.Int(P.Batches);

        for (int oc = 0; oc < outputChannels; oc++)
        {
            int bias = BitConverter.ToInt32(weights, table + (oc << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputChannels + oc) << 2));
            int shift = (sbyte)weights[table + (outputChannels << 3) + oc];
            int filter = frame.WeightOffset + (oc * rowBytes);
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
                            accumulator += inputZeroPoint * FourBitRows.MissingTaps(weights, filter, kernelHeight, kernelWidth, filterChannels, firstY, endY, firstX, endX);
                        int runs = contiguous ? 1 : endX - firstX;
                        int length = contiguous ? (endX - firstX) * filterChannels : filterChannels;
                        for (int ky = firstY; ky < endY; ky++)
                        {
                            int x = image + ((originY + (ky * dilationHeight)) * inputRow) + ((originX + (firstX * dilationWidth)) * inputChannels);
                            int tap = (ky * rowTaps) + (firstX * filterChannels);
                            for (int run = 0; run < runs; run++)
                            {
                                int i = x;
                                int end = x + length;
                                int w = filter + (tap >> 1);
                                if ((tap & 1) != 0 && i < end)
                                {
                                    accumulator += arena[i] * ((sbyte)weights[w] >> 4);
                                    i++;
                                    w++;
                                }
                                int unrolledEnd = end - 3;
                                while (i < unrolledEnd)
                                {
                                    int first = weights[w];
                                    int second = weights[w + 1];
                                    accumulator += (arena[i] * ((first << 28) >> 28)) + (arena[i + 1] * ((sbyte)first >> 4))
                                        + (arena[i + 2] * ((second << 28) >> 28)) + (arena[i + 3] * ((sbyte)second >> 4));
                                    i += 4;
                                    w += 2;
                                }
                                for (int k = 0; i < end; k++)
                                    accumulator += arena[i++] * FourBitRows.At(weights, w, k);
                                x += tapStep;
                                tap += filterChannels;
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
