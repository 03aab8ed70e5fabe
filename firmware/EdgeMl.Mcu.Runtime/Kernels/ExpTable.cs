namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// The parameters and weights that softmax and log-softmax have in common. Weights: for each difference d = 0, 1, … from the row's greatest value,
/// <c>exp(-d * scale)</c> in Q0.31 as int32. A difference beyond the table counts as an exponential of 0.
/// </summary>
public static class ExpTable
{
    /// <summary>Parameter: offset of the input [rows, depth] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena; may be the input's.</summary>
    public const int Output = 1;

    /// <summary>Parameter: number of rows.</summary>
    public const int Rows = 2;

    /// <summary>Parameter: elements of a row.</summary>
    public const int Depth = 3;

    /// <summary>Parameter: entries of the table, 1 to 256.</summary>
    public const int Entries = 4;

    /// <summary>Number of parameters here; a kernel's own ones follow.</summary>
    public const int Count = 5;

    /// <summary>Integer bits of the sum of exponentials.</summary>
    public const int SumIntegerBits = 12;

    /// <summary>Checks the parameters.</summary>
    public static void Validate(LayerReader layer)
    {
        int count = layer.Product(layer.Dimension(Rows), layer.Dimension(Depth));
        layer.Arena(Input, count);
        layer.Arena(Output, count);
        layer.Weights(4L * layer.Range(Entries, 1, 256));
    }

    /// <summary>Greatest value of a row.</summary>
    public static int Max(sbyte[] arena, int start, int end)
    {
        int max = -128;
        for (int i = start; i < end; i++)
        {
            if (arena[i] > max)
                max = arena[i];
        }
        return max;
    }

    /// <summary>Sum of a row's exponentials in Q12.19, each rounded.</summary>
    public static int Sum(Frame frame, int start, int end, int max)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int table = frame.WeightOffset;
        int entries = frame.Int(Entries);
        int sum = 0;
        for (int i = start; i < end; i++)
        {
            int difference = max - arena[i];
            if (difference < entries)
                sum += Arithmetic.FixedPoint.RoundingDivideByPowerOfTwo(System.BitConverter.ToInt32(weights, table + (difference << 2)), SumIntegerBits);
        }
        return sum;
    }
}
