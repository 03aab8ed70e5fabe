using System;
using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 fully connected layer: <c>out[b, n] = requantise(bias[n] + Σ_k w[n, k] * (x[b, k] - zp))</c>. Also pointwise convolutions, with one batch a position.
/// </summary>
/// <remarks>
/// Weights: w [N, K] int8, padding to a multiple of 4, bias [N] int32, multipliers [N] int32, shifts [N] int8.
/// The bias holds <c>-zp_in * Σ_k w</c> already, so the kernel multiplies raw activations.
/// </remarks>
public sealed class FullyConnected : Kernel
{
    /// <summary>Parameter: offset of x [batches, K] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output [batches, N] in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: number of rows of x.</summary>
    public const int Batches = 2;

    /// <summary>Parameter: K.</summary>
    public const int InputDepth = 3;

    /// <summary>Parameter: N.</summary>
    public const int OutputDepth = 4;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = 5;

    /// <summary>Parameter: least output.</summary>
    public const int ActivationMin = 6;

    /// <summary>Parameter: greatest output.</summary>
    public const int ActivationMax = 7;

    /// <summary>Parameter: zero point of the weights, 0 for symmetric ones.</summary>
    public const int WeightZeroPoint = 8;

    /// <summary>Number of parameters.</summary>
    public const int Count = 9;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int batches = layer.Dimension(Batches);
        int inputDepth = layer.Dimension(InputDepth);
        int outputDepth = layer.Dimension(OutputDepth);
        layer.Arena(Input, layer.Product(batches, inputDepth));
        layer.Arena(Output, layer.Product(batches, outputDepth));
        layer.Range(OutputZeroPoint, -128, 127);
        layer.Range(WeightZeroPoint, -128, 127);
        layer.ActivationRange(ActivationMin, ActivationMax);
        ChannelTable.Validate(layer, layer.Product(inputDepth, outputDepth), outputDepth);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
#if NET
        if (Host.HostAcceleration.Enabled && Host.VectorFullyConnected.TryRun(frame))
            return;
#endif
        byte[] weights = frame.Weights;
        sbyte[] arena = frame.Arena;
        int batches = frame.Int(Batches);
        int inputDepth = frame.Int(InputDepth);
        int outputDepth = frame.Int(OutputDepth);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int weightZeroPoint = frame.Int(WeightZeroPoint);
        int row = frame.WeightOffset;
        int table = ChannelTable.Start(row, inputDepth * outputDepth);
        int output = frame.Int(Output);
        for (int n = 0; n < outputDepth; n++)
        {
            int bias = BitConverter.ToInt32(weights, table + (n << 2));
            int multiplier = BitConverter.ToInt32(weights, table + ((outputDepth + n) << 2));
            int shift = (sbyte)weights[table + (outputDepth << 3) + n];
            int x = frame.Int(Input);
            int y = output + n;
            for (int b = 0; b < batches; b++)
            {
                int accumulator = bias;
                int w = row;
                int end = x + inputDepth;
                int unrolledEnd = end - 7;
                if (weightZeroPoint != 0)
                {
                    for (int i = x; i < end; i++)
                        accumulator -= weightZeroPoint * arena[i];
                }
                while (x < unrolledEnd)
                {
                    accumulator += (arena[x] * (sbyte)weights[w]) + (arena[x + 1] * (sbyte)weights[w + 1])
                        + (arena[x + 2] * (sbyte)weights[w + 2]) + (arena[x + 3] * (sbyte)weights[w + 3])
                        + (arena[x + 4] * (sbyte)weights[w + 4]) + (arena[x + 5] * (sbyte)weights[w + 5])
                        + (arena[x + 6] * (sbyte)weights[w + 6]) + (arena[x + 7] * (sbyte)weights[w + 7]);
                    x += 8;
                    w += 8;
                }
                while (x < end)
                    accumulator += arena[x++] * (sbyte)weights[w++];
                accumulator = FixedPoint.MultiplyByQuantizedMultiplier(accumulator, multiplier, shift) + outputZeroPoint;
                if (accumulator < low)
                    accumulator = low;
                if (accumulator > high)
                    accumulator = high;
                arena[y] = (sbyte)accumulator;
                y += outputDepth;
            }
            row += inputDepth;
        }
    }
}
