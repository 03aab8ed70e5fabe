namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Sets elements to one value: padding before the padded tensor is copied in. No weights.</summary>
public sealed class Fill : Kernel
{
    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 0;

    /// <summary>Parameter: number of elements.</summary>
    public const int Length = 1;

    /// <summary>Parameter: the int8 value.</summary>
    public const int Value = 2;

    /// <summary>Number of parameters.</summary>
    public const int Count = 3;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        layer.Arena(Output, layer.Dimension(Length));
        layer.Range(Value, -128, 127);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        sbyte value = (sbyte)frame.Int(Value);
        int y = frame.Int(Output);
        int end = y + frame.Int(Length);
        while (y < end)
            arena[y++] = value;
    }
}
