using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 mean over any axes: <c>out = requantise(Σ x - zp_in * n) + zp_out</c>, where the multiplier holds the division by n.</summary>
/// <remarks>
/// The input is seen as [K0, R0, K1, R1, K2, R2], kept and reduced axes in turn with neighbours of one kind merged, absent ones of size 1. The output is [K0, K1, K2].
/// No weights.
/// </remarks>
public sealed class Mean : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameters 2 to 7: K0, R0, K1, R1, K2, R2.</summary>
    public const int Shape = 2;

    /// <summary>Parameter: <c>zp_in * n</c>.</summary>
    public const int InputBias = 8;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = 9;

    /// <summary>Parameter: Q0.31 multiplier.</summary>
    public const int Multiplier = 10;

    /// <summary>Parameter: shift; positive shifts left.</summary>
    public const int Shift = 11;

    /// <summary>Number of parameters.</summary>
    public const int Count = 12;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int kept = layer.Product(layer.Product(layer.Dimension(Shape), layer.Dimension(Shape + 2)), layer.Dimension(Shape + 4));
        int reduced = layer.Product(layer.Product(layer.Dimension(Shape + 1), layer.Dimension(Shape + 3)), layer.Dimension(Shape + 5));
        layer.Arena(Input, layer.Product(kept, reduced));
        layer.Arena(Output, kept);
        layer.Range(OutputZeroPoint, -128, 127);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Shift, -62, 30);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int k0 = frame.Int(Shape);
        int r0 = frame.Int(Shape + 1);
        int k1 = frame.Int(Shape + 2);
        int r1 = frame.Int(Shape + 3);
        int k2 = frame.Int(Shape + 4);
        int r2 = frame.Int(Shape + 5);
        int bias = frame.Int(InputBias);
        int zeroPoint = frame.Int(OutputZeroPoint);
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Shift);
        int strideR1 = k2 * r2;
        int strideK1 = r1 * strideR1;
        int strideR0 = k1 * strideK1;
        int strideK0 = r0 * strideR0;
        int input = frame.Int(Input);
        int y = frame.Int(Output);
        for (int i0 = 0; i0 < k0; i0++)
        {
            for (int i1 = 0; i1 < k1; i1++)
            {
                for (int i2 = 0; i2 < k2; i2++)
                {
                    int start = input + (i0 * strideK0) + (i1 * strideK1) + (i2 * r2);
                    int sum = 0;
                    for (int j0 = 0; j0 < r0; j0++)
                    {
                        int x = start;
                        for (int j1 = 0; j1 < r1; j1++)
                        {
                            for (int j2 = 0; j2 < r2; j2++)
                                sum += arena[x + j2];
                            x += strideR1;
                        }
                        start += strideR0;
                    }
                    sum = FixedPoint.MultiplyByQuantizedMultiplier(sum - bias, multiplier, shift) + zeroPoint;
                    if (sum < -128)
                        sum = -128;
                    if (sum > 127)
                        sum = 127;
                    arena[y++] = (sbyte)sum;
                }
            }
        }
    }
}
