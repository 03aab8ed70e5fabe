namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Greatest or least int8 value over any axes. Input and output have one scale and zero point.</summary>
public sealed class ReduceExtremum : ReductionKernel
{
    /// <summary>Number of parameters.</summary>
    public const int Count = FirstOwn;

    /// <summary>The complement of the greatest complement is the least value: all bits set for a minimum, none for a maximum.</summary>
    private readonly int _complement;

    /// <summary>Creates the kernel of the greatest values, or that of the least.</summary>
    public ReduceExtremum(bool greatest)
    {
        _complement = greatest ? 0 : -1;
    }

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    protected override void ValidateOwn(LayerReader layer)
    {
    }

    /// <inheritdoc/>
    protected override int Reduce(Frame frame, int x, int r0, int stride0, int r1, int stride1, int r2)
    {
        sbyte[] arena = frame.Arena;
        int complement = _complement;
        int greatest = -128;
        for (int j0 = 0; j0 < r0; j0++)
        {
            int row = x;
            for (int j1 = 0; j1 < r1; j1++)
            {
                for (int j2 = 0; j2 < r2; j2++)
                {
                    int value = arena[row + j2] ^ complement;
                    if (value > greatest)
                        greatest = value;
                }
                row += stride1;
            }
            x += stride0;
        }
        return greatest ^ complement;
    }
}
