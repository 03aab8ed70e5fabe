namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>What reductions over any axes have in common: the walk over the outputs. A derived kernel computes one of them.</summary>
/// <remarks>
/// The input is seen as [K0, R0, K1, R1, K2, R2], kept and reduced axes in turn with neighbours of one kind merged, absent ones of size 1. The output is [K0, K1, K2].
/// No weights.
/// </remarks>
public abstract class ReductionKernel : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameters 2 to 7: K0, R0, K1, R1, K2, R2.</summary>
    public const int Shape = 2;

    /// <summary>The first parameter of the derived kernel's own.</summary>
    protected const int FirstOwn = Shape + 6;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int kept = layer.Product(layer.Product(layer.Dimension(Shape), layer.Dimension(Shape + 2)), layer.Dimension(Shape + 4));
        int reduced = layer.Product(layer.Product(layer.Dimension(Shape + 1), layer.Dimension(Shape + 3)), layer.Dimension(Shape + 5));
        layer.Arena(Input, layer.Product(kept, reduced));
        layer.Arena(Output, kept);
        layer.Weights(0);
        ValidateOwn(layer);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int k0 = frame.Int(Shape);
        int r0 = frame.Int(Shape + 1);
        int k1 = frame.Int(Shape + 2);
        int r1 = frame.Int(Shape + 3);
        int k2 = frame.Int(Shape + 4);
        int r2 = frame.Int(Shape + 5);
        int stride1 = k2 * r2;
        int strideK1 = r1 * stride1;
        int stride0 = k1 * strideK1;
        int strideK0 = r0 * stride0;
        int input = frame.Int(Input);
        int y = frame.Int(Output);
        for (int i0 = 0; i0 < k0; i0++)
        {
            for (int i1 = 0; i1 < k1; i1++)
            {
                for (int i2 = 0; i2 < k2; i2++)
                    arena[y++] = (sbyte)Reduce(frame, input + (i0 * strideK0) + (i1 * strideK1) + (i2 * r2), r0, stride0, r1, stride1, r2);
            }
        }
    }

    /// <summary>Checks the derived kernel's own parameters.</summary>
    protected abstract void ValidateOwn(LayerReader layer);

    /// <summary>
    /// Computes one output, an int8 value, from <paramref name="r0"/> * <paramref name="r1"/> * <paramref name="r2"/> inputs from <paramref name="x"/> on;
    /// the last axis has stride 1.
    /// </summary>
    protected abstract int Reduce(Frame frame, int x, int r0, int stride0, int r1, int stride1, int r2);
}
