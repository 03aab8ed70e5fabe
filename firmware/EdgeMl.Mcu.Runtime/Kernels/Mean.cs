using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 mean or sum over any axes: <c>out = requantise(Σ x - zp_in * n) + zp_out</c>; a mean's multiplier holds the division by n.</summary>
public sealed class Mean : ReductionKernel
{
    /// <summary>Parameter: <c>zp_in * n</c>.</summary>
    public const int InputBias = FirstOwn;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = FirstOwn + 1;

    /// <summary>Parameter: Q0.31 multiplier.</summary>
    public const int Multiplier = FirstOwn + 2;

    /// <summary>Parameter: shift; positive shifts left.</summary>
    public const int Shift = FirstOwn + 3;

    /// <summary>Number of parameters.</summary>
    public const int Count = FirstOwn + 4;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        layer.Range(OutputZeroPoint, -128, 127);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Shift, -62, 30);
    }

    /// <inheritdoc/>
    protected override int Reduce(Frame frame, int x, int r0, int stride0, int r1, int stride1, int r2)
    {
        int sum = 0;
        if (r2 == 1)
        {
            // The loop over single elements is the longest one that there is.
            r2 = r1 == 1 ? r0 : r1;
            int step = r1 == 1 ? stride0 : stride1;
            if (r1 == 1)
                r0 = 1;
            for (; r0 > 0; r0--)
            {
                sum += StridedSum.Of(frame.Arena, x, step, r2);
                x += stride0;
            }
        }
        else
        {
            for (; r0 > 0; r0--)
            {
                int row = x;
                for (int j1 = 0; j1 < r1; j1++)
                {
                    sum += StridedSum.Of(frame.Arena, row, 1, r2);
                    row += stride1;
                }
                x += stride0;
            }
        }
        sum = FixedPoint.MultiplyByQuantizedMultiplier(sum - frame.Int(InputBias), frame.Int(Multiplier), frame.Int(Shift)) + frame.Int(OutputZeroPoint);
        if (sum < -128)
            return -128;
        return sum > 127 ? 127 : sum;
    }
}
