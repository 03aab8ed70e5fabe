using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// <see cref="FullyConnected"/> with 4-bit weights: the same outputs as that kernel gives for the same weights in 8 bits, in half of the space.
/// </summary>
/// <remarks>
/// Parameters: those of <see cref="FullyConnected"/>, with a weight zero point of 0. Weights: N <see cref="FourBitRows"/> of K, then a
/// <see cref="ChannelTable"/>.
/// </remarks>
public sealed class FullyConnectedInt4 : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int batches = layer.Dimension(P.Batches);
        int inputDepth = layer.Dimension(P.InputDepth);
        int outputDepth = layer.Dimension(P.OutputDepth);
        layer.Arena(P.Input, layer.Product(batches, inputDepth));
        layer.Arena(P.Output, layer.Product(batches, outputDepth));
        layer.Range(P.OutputZeroPoint, -128, 127);
        layer.Range(P.WeightZeroPoint, 0, 0);
        layer.ActivationRange(P.ActivationMin, P.ActivationMax);
        ChannelTable.Validate(layer, layer.Product(FourBitRows.Bytes(inputDepth), outputDepth), outputDepth);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorInt4.TryRunFullyConnected(frame))
            return;
#endif
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        int batches = frame.Int(P.Batches);
        int inputDepth = frame.Int(P.InputDepth);
        int outputDepth = frame.Int(P.OutputDepth);
        int outputZeroPoint = frame.Int(P.OutputZeroPoint);
        int low = frame.Int(P.ActivationMin);
        int high = frame.Int(P.ActivationMax);
        int rowBytes = FourBitRows.Bytes(inputDepth);
        int row = frame.WeightOffset;
        int table = ChannelTable.Start(row, rowBytes * outputDepth);
        int output = frame.Int(P.Output);
        for (int n = 0; n < outputDepth; n++)
        {
            int bias = BitConverter.ToInt32(weights, table + (n << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputDepth + n) << 2));
            int shift = (sbyte)weights[table + (outputDepth << 3) + n];
            int x = frame.Int(P.Input);
            int y = output + n;
            for (int b = 0; b < batches; b++)
            {
                int accumulator = bias;
                int w = row;
                int end = x + inputDepth;
                int unrolledEnd = end - 3;
                while (x < unrolledEnd)
                {
                    int first = weights[w];
                    int second = weights[w + 1];
                    accumulator += (arena[x] * ((first << 28) >> 28)) + (arena[x + 1] * ((sbyte)first >> 4))
                        + (arena[x + 2] * ((second << 28) >> 28)) + (arena[x + 3] * ((sbyte)second >> 4));
                    x += 4;
                    w += 2;
                }
                for (int i = 0; x < end; i++)
                    accumulator += arena[x++] * FourBitRows.At(weights, w, i);
                accumulator = FixedPoint.MultiplyByQuantizedMultiplier(accumulator, multiplier, shift) + outputZeroPoint;
                if (accumulator < low)
                    accumulator = low;
                if (accumulator > high)
                    accumulator = high;
                arena[y] = (sbyte)accumulator;
                y += outputDepth;
            }
            row += rowBytes;
        }
    }
}
