using EdgeMl.Mcu.Runtime.Arithmetic;
using P = EdgeMl.Mcu.Runtime.Kernels.ExpTable;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 logarithm of softmax over rows. The output's scale is 16/256, its zero point 127.</summary>
/// <remarks>Weights and first parameters: <see cref="ExpTable"/>. Differences are rescaled to Q5.26.</remarks>
public sealed class LogSoftmax : Kernel
{
    /// <summary>Parameter: Q0.31 multiplier from a difference to Q5.26.</summary>
    public const int Multiplier = P.Count;

    /// <summary>Parameter: shift from a difference to Q5.26.</summary>
    public const int Shift = P.Count + 1;

    /// <summary>Parameter: Q0.31 multiplier from Q5.26 to a difference.</summary>
    public const int ReverseMultiplier = P.Count + 2;

    /// <summary>Parameter: shift from Q5.26 to a difference.</summary>
    public const int ReverseShift = P.Count + 3;

    /// <summary>Parameter: least difference, not positive, whose exponential is not 0.</summary>
    public const int LeastDifference = P.Count + 4;

    /// <summary>Number of parameters.</summary>
    public const int Count = P.Count + 5;

    /// <summary>Fractional bits of Q5.26 less those of the output, 4.</summary>
    private const int OutputShift = 26 - 4;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        P.Validate(layer);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Shift, -31, 31);
        layer.Range(ReverseMultiplier, 0, int.MaxValue);
        layer.Range(ReverseShift, -31, 30);
        layer.Range(LeastDifference, -int.MaxValue, 0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int rows = frame.Int(P.Rows);
        int depth = frame.Int(P.Depth);
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Shift);
        int leastDifference = frame.Int(LeastDifference) - 1;
        int x = frame.Int(P.Input);
        int y = frame.Int(P.Output);
        for (int row = 0; row < rows; row++)
        {
            int end = x + depth;
            int max = P.Max(arena, x, end);
            int logSum = FixedLogarithm.OfQ12(P.Sum(frame, x, end, max));
            int least = FixedPoint.MultiplyByQuantizedMultiplier(logSum + int.MinValue, frame.Int(ReverseMultiplier), frame.Int(ReverseShift));
            if (least < leastDifference)
                least = leastDifference;
            while (x < end)
            {
                int difference = arena[x++] - max;
                int value = -128;
                if (difference > least)
                {
                    int rescaled = FixedPoint.MultiplyByQuantizedMultiplier(difference, multiplier, shift) - logSum;
                    value = FixedPoint.RoundingDivideByPowerOfTwo(rescaled, OutputShift) + 127;
                    if (value < -128)
                        value = -128;
                    if (value > 127)
                        value = 127;
                }
                arena[y++] = (sbyte)value;
            }
        }
    }
}
