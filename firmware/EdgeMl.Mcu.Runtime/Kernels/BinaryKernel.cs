namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>What operators with two inputs have in common: broadcasting, row by row. A derived kernel computes one row.</summary>
/// <remarks>
/// The output has the shape [D0, D1, D2, D3], rows last; each input has a stride for each dimension, 0 where it is broadcast.
/// </remarks>
public abstract class BinaryKernel : Kernel
{
    /// <summary>Number of dimensions; neighbours that broadcast alike are merged, and absent ones have size 1.</summary>
    public const int Rank = 4;

    /// <summary>Parameter: offset of the first input in the arena.</summary>
    public const int Input1 = 0;

    /// <summary>Parameter: offset of the second input in the arena.</summary>
    public const int Input2 = 1;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 2;

    /// <summary>Parameters: dimensions of the output.</summary>
    public const int Shape = 3;

    /// <summary>Parameters: strides of the first input.</summary>
    public const int Strides1 = Shape + Rank;

    /// <summary>Parameters: strides of the second input.</summary>
    public const int Strides2 = Strides1 + Rank;

    /// <summary>Parameter: least output.</summary>
    public const int ActivationMin = Strides2 + Rank;

    /// <summary>Parameter: greatest output.</summary>
    public const int ActivationMax = ActivationMin + 1;

    /// <summary>The first parameter of the derived kernel's own.</summary>
    protected const int FirstOwn = ActivationMax + 1;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        layer.Arena(Output, layer.Product(layer.Dimension(Shape), layer.Dimension(Shape + 1), layer.Dimension(Shape + 2), layer.Dimension(Shape + 3)));
        layer.ActivationRange(ActivationMin, ActivationMax);
        ValidateInput(layer, Input1, Strides1);
        ValidateInput(layer, Input2, Strides2);
        layer.Weights(0);
        ValidateOwn(layer);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int d0 = frame.Int(Shape);
        int d1 = frame.Int(Shape + 1);
        int d2 = frame.Int(Shape + 2);
        int d3 = frame.Int(Shape + 3);
        int step1 = frame.Int(Strides1 + 3);
        int step2 = frame.Int(Strides2 + 3);
        int x1 = frame.Int(Input1);
        int x2 = frame.Int(Input2);
        int y = frame.Int(Output);
        for (int i0 = 0; i0 < d0; i0++)
        {
            for (int i1 = 0; i1 < d1; i1++)
            {
                for (int i2 = 0; i2 < d2; i2++)
                {
                    int row1 = x1 + (i0 * frame.Int(Strides1)) + (i1 * frame.Int(Strides1 + 1)) + (i2 * frame.Int(Strides1 + 2));
                    int row2 = x2 + (i0 * frame.Int(Strides2)) + (i1 * frame.Int(Strides2 + 1)) + (i2 * frame.Int(Strides2 + 2));
                    Row(frame, row1, step1, row2, step2, y, d3);
                    y += d3;
                }
            }
        }
    }

    /// <summary>Checks the derived kernel's own parameters.</summary>
    protected abstract void ValidateOwn(LayerReader layer);

    /// <summary>Computes <paramref name="count"/> outputs from <paramref name="y"/> on, with inputs a step apart.</summary>
    protected abstract void Row(Frame frame, int x1, int step1, int x2, int step2, int y, int count);

    private static void ValidateInput(LayerReader layer, int offset, int strides)
    {
        long last = layer.Int(offset);
        for (int i = 0; i < Rank; i++)
            last += (long)layer.Range(strides + i, 0, Format.ModelFormat.MaxBytes) * (layer.Dimension(Shape + i) - 1);
        layer.ArenaSpan(layer.Int(offset), last);
    }
}
