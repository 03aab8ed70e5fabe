using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// What operators of two or three inputs with broadcasting have in common where elements may have several bytes. A derived kernel computes one row.
/// </summary>
/// <remarks>
/// The output has the shape [D0, D1, D2, D3], rows last; each input has a stride in bytes for each dimension, 0 where it is broadcast. A kernel with two inputs
/// ignores the third one, which then is one byte anywhere. No weights.
/// </remarks>
public abstract class BroadcastKernel : Kernel
{
    /// <summary>Number of dimensions; neighbours that broadcast alike are merged, and absent ones have size 1.</summary>
    public const int Rank = 4;

    /// <summary>Most inputs.</summary>
    public const int Inputs = 3;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 0;

    /// <summary>Parameters: offsets of the inputs in the arena.</summary>
    public const int Input = 1;

    /// <summary>Parameter: bytes of an element of the output.</summary>
    public const int OutputSize = Input + Inputs;

    /// <summary>Parameters: bytes of an element of each input.</summary>
    public const int InputSize = OutputSize + 1;

    /// <summary>Parameters: dimensions of the output.</summary>
    public const int Shape = InputSize + Inputs;

    /// <summary>Parameters: strides of the first input, then those of the others.</summary>
    public const int Strides = Shape + Rank;

    /// <summary>The first parameter of the derived kernel's own.</summary>
    protected const int FirstOwn = Strides + (Inputs * Rank);

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = layer.Product(layer.Dimension(Shape), layer.Dimension(Shape + 1), layer.Dimension(Shape + 2), layer.Dimension(Shape + 3));
        layer.Arena(Output, layer.Product(count, layer.Range(OutputSize, 1, 8)));
        for (int input = 0; input < Inputs; input++)
        {
            long last = (long)layer.Int(Input + input) + layer.Range(InputSize + input, 1, 8) - 1;
            for (int i = 0; i < Rank; i++)
                last += (long)layer.Range(Strides + (input * Rank) + i, 0, ModelFormat.MaxBytes) * (layer.Dimension(Shape + i) - 1);
            layer.ArenaSpan(layer.Int(Input + input), last);
        }
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
        int y = frame.Int(Output);
        int row = d3 * frame.Int(OutputSize);
        for (int i0 = 0; i0 < d0; i0++)
        {
            for (int i1 = 0; i1 < d1; i1++)
            {
                for (int i2 = 0; i2 < d2; i2++)
                {
                    Row(frame, Position(frame, 0, i0, i1, i2), Position(frame, 1, i0, i1, i2), Position(frame, 2, i0, i1, i2), y, d3);
                    y += row;
                }
            }
        }
    }

    /// <summary>Checks the derived kernel's own parameters, and the element sizes.</summary>
    protected abstract void ValidateOwn(LayerReader layer);

    /// <summary>Computes <paramref name="count"/> outputs from <paramref name="y"/> on; inputs are <see cref="Step"/> bytes apart.</summary>
    protected abstract void Row(Frame frame, int x1, int x2, int x3, int y, int count);

    /// <summary>Bytes from one element of an input to the next in a row.</summary>
    protected static int Step(Frame frame, int input)
    {
        return frame.Int(Strides + (input * Rank) + Rank - 1);
    }

    private static int Position(Frame frame, int input, int i0, int i1, int i2)
    {
        int strides = Strides + (input * Rank);
        return frame.Int(Input + input) + (i0 * frame.Int(strides)) + (i1 * frame.Int(strides + 1)) + (i2 * frame.Int(strides + 2));
    }
}
