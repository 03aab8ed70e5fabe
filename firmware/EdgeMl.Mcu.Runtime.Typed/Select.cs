namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>Takes each element from the second input where the first one, a boolean, is true, or else from the third. Elements are copied as they are.</summary>
/// <remarks>No weights.</remarks>
public sealed class Select : BroadcastKernel
{
    /// <inheritdoc/>
    public override int ParameterCount => FirstOwn;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
        int size = layer.Range(OutputSize, 1, 8);
        layer.Range(InputSize, 1, 1);
        layer.Range(InputSize + 1, size, size);
        layer.Range(InputSize + 2, size, size);
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int x2, int x3, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        int size = frame.Int(OutputSize);
        int step1 = Step(frame, 0);
        int step2 = Step(frame, 1);
        int step3 = Step(frame, 2);
        for (int i = 0; i < count; i++)
        {
            int x = arena[x1] != 0 ? x2 : x3;
            for (int k = 0; k < size; k++)
                arena[y++] = arena[x + k];
            x1 += step1;
            x2 += step2;
            x3 += step3;
        }
    }
}
