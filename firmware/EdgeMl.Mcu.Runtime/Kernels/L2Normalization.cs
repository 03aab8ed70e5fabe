using EdgeMl.Mcu.Runtime.Arithmetic;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 rows divided by their Euclidean norm. The output's scale is 1/128, its zero point 0; it may stand in the input's place. A row of zeros stays so.</summary>
/// <remarks>No weights.</remarks>
public sealed class L2Normalization : Kernel
{
    /// <summary>Parameter: offset of the input [rows, depth] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: number of rows.</summary>
    public const int Rows = 2;

    /// <summary>Parameter: elements of a row, at most <see cref="MaxDepth"/>.</summary>
    public const int Depth = 3;

    /// <summary>Parameter: zero point of the input.</summary>
    public const int ZeroPoint = 4;

    /// <summary>Number of parameters.</summary>
    public const int Count = 5;

    /// <summary>The longest row whose sum of squares of up to 255 fits an int32.</summary>
    public const int MaxDepth = int.MaxValue / (255 * 255);

    /// <summary>Fractional bits of the output.</summary>
    private const int FractionalBits = 7;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = layer.Product(layer.Dimension(Rows), layer.Range(Depth, 1, MaxDepth));
        layer.Arena(Input, count);
        layer.Arena(Output, count);
        layer.Range(ZeroPoint, -128, 127);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int rows = frame.Int(Rows);
        int depth = frame.Int(Depth);
        int zeroPoint = frame.Int(ZeroPoint);
        int x = frame.Int(Input);
        int y = frame.Int(Output);
        for (int row = 0; row < rows; row++)
        {
            int end = x + depth;
            int sum = 0;
            for (int i = x; i < end; i++)
            {
                int centred = arena[i] - zeroPoint;
                sum += centred * centred;
            }
            int multiplier = InverseSquareRoot.Multiplier(sum);
            int shift = InverseSquareRoot.Shift(sum) + FractionalBits;
            while (x < end)
            {
                int value = FixedPoint.MultiplyByQuantizedMultiplier(arena[x++] - zeroPoint, multiplier, shift);
                if (value < -128)
                    value = -128;
                if (value > 127)
                    value = 127;
                arena[y++] = (sbyte)value;
            }
        }
    }
}
