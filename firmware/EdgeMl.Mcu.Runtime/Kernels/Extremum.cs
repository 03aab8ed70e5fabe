namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// The greater or the lesser of two int8 inputs with broadcasting. Raw values are compared: inputs and output have one quantisation. The output may stand
/// in the place of an input that is not broadcast.
/// </summary>
/// <remarks>No weights.</remarks>
public sealed class Extremum : BinaryKernel
{
    private readonly bool _greater;

    /// <summary>Creates the kernel of the greater (Maximum) or the lesser value (Minimum).</summary>
    public Extremum(bool greater)
    {
        _greater = greater;
    }

    /// <inheritdoc/>
    public override int ParameterCount => FirstOwn;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
    }

    /// <inheritdoc/>
    protected override void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count)
    {
        sbyte[] arena = frame.Arena;
        bool greater = _greater;
        int low = frame.Int(ActivationMin);
        int high = frame.Int(ActivationMax);
        int end = y + count;
        while (y < end)
        {
            int value = arena[x1];
            int other = arena[x2];
            if (value < other == greater)
                value = other;
            if (value < low)
                value = low;
            if (value > high)
                value = high;
            arena[y++] = (sbyte)value;
            x1 += step1;
            x2 += step2;
        }
    }
}
