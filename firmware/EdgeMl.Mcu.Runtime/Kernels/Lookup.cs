namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Any function of one int8 value: <c>out[i] = table[in[i] + 128]</c>. The output may stand in the input's place.</summary>
/// <remarks>Weights: 256 int8, the function's values at -128 to 127.</remarks>
public sealed class Lookup : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: number of elements.</summary>
    public const int Length = 2;

    /// <summary>Number of parameters.</summary>
    public const int Count = 3;

    /// <summary>Bytes of the table.</summary>
    public const int TableBytes = 256;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = layer.Dimension(Length);
        layer.Arena(Input, count);
        layer.Arena(Output, count);
        layer.Weights(TableBytes);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int zero = frame.WeightOffset + 128;
        int x = frame.Int(Input);
        int y = frame.Int(Output);
        int end = x + frame.Int(Length);
        while (x < end)
            arena[y++] = (sbyte)weights[zero + arena[x++]];
    }
}
