namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Copies a constant from the weights into the arena, for operators that take it as an activation.</summary>
/// <remarks>Weights: the constant, int8.</remarks>
public sealed class LoadConstant : Kernel
{
    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 0;

    /// <summary>Parameter: number of elements.</summary>
    public const int Length = 1;

    /// <summary>Number of parameters.</summary>
    public const int Count = 2;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = layer.Dimension(Length);
        layer.Arena(Output, count);
        layer.Weights(count);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int w = frame.WeightOffset;
        int y = frame.Int(Output);
        int end = y + frame.Int(Length);
        while (y < end)
            arena[y++] = (sbyte)weights[w++];
    }
}
