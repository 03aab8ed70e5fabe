namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>int8 bilinear resize, NHWC, in Q10 per axis, rounded half away from zero. Input and output have one scale and zero point.</summary>
/// <remarks>
/// The row at output y is <c>y * RowScale + RowOffset</c> in Q10, held within the input; columns alike. No weights.
/// </remarks>
public sealed class ResizeBilinear : Kernel
{
    /// <summary>Parameter: offset of the input [N,H,W,C] in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: N.</summary>
    public const int Batches = 2;

    /// <summary>Parameter: height of the input.</summary>
    public const int InputHeight = 3;

    /// <summary>Parameter: width of the input.</summary>
    public const int InputWidth = 4;

    /// <summary>Parameter: height of the output.</summary>
    public const int OutputHeight = 5;

    /// <summary>Parameter: width of the output.</summary>
    public const int OutputWidth = 6;

    /// <summary>Parameter: C.</summary>
    public const int Channels = 7;

    /// <summary>Parameter: rows of the input for one row of the output, Q10.</summary>
    public const int RowScale = 8;

    /// <summary>Parameter: row of the input at output row 0, Q10.</summary>
    public const int RowOffset = 9;

    /// <summary>Parameter: columns of the input for one column of the output, Q10.</summary>
    public const int ColumnScale = 10;

    /// <summary>Parameter: column of the input at output column 0, Q10.</summary>
    public const int ColumnOffset = 11;

    /// <summary>Number of parameters.</summary>
    public const int Count = 12;

    /// <summary>Bound of heights and widths.</summary>
    public const int MaxExtent = 1 << 15;

    private const int One = 1 << 10;
    private const int Half = 1 << 19;
    private const int MaxPosition = 1 << 30;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int batches = layer.Dimension(Batches);
        int channels = layer.Dimension(Channels);
        int inputHeight = layer.Range(InputHeight, 1, MaxExtent);
        int inputWidth = layer.Range(InputWidth, 1, MaxExtent);
        int outputHeight = layer.Range(OutputHeight, 1, MaxExtent);
        int outputWidth = layer.Range(OutputWidth, 1, MaxExtent);
        layer.Range(RowScale, 0, MaxPosition / outputHeight);
        layer.Range(RowOffset, -MaxPosition, MaxPosition - 1);
        layer.Range(ColumnScale, 0, MaxPosition / outputWidth);
        layer.Range(ColumnOffset, -MaxPosition, MaxPosition - 1);
        layer.Arena(Input, layer.Product(batches, inputHeight, inputWidth, channels));
        layer.Arena(Output, layer.Product(batches, outputHeight, outputWidth, channels));
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int inputHeight = frame.Int(InputHeight);
        int inputWidth = frame.Int(InputWidth);
        int outputHeight = frame.Int(OutputHeight);
        int outputWidth = frame.Int(OutputWidth);
        int channels = frame.Int(Channels);
        int rowScale = frame.Int(RowScale);
        int columnScale = frame.Int(ColumnScale);
        int columnOffset = frame.Int(ColumnOffset);
        int inputRow = inputWidth * channels;
        int image = frame.Int(Input);
        int y = frame.Int(Output);
        int batches = frame.Int(Batches);
        for (int b = 0; b < batches; b++)
        {
            int row = frame.Int(RowOffset);
            for (int oy = 0; oy < outputHeight; oy++)
            {
                int position = Clamp(row, inputHeight);
                int below = position & (One - 1);
                int above = One - below;
                int upper = image + ((position >> 10) * inputRow);
                int lower = below == 0 ? upper : upper + inputRow;
                int column = columnOffset;
                for (int ox = 0; ox < outputWidth; ox++)
                {
                    position = Clamp(column, inputWidth);
                    int right = position & (One - 1);
                    int left = One - right;
                    int x = (position >> 10) * channels;
                    int step = right == 0 ? 0 : channels;
                    int end = x + channels;
                    while (x < end)
                    {
                        int sum = (((arena[upper + x] * left) + (arena[upper + x + step] * right)) * above)
                            + (((arena[lower + x] * left) + (arena[lower + x + step] * right)) * below);
                        arena[y++] = (sbyte)((sum > 0 ? sum + Half : sum - Half) / (1 << 20));
                        x++;
                    }
                    column += columnScale;
                }
                row += rowScale;
            }
            image += inputHeight * inputRow;
        }
    }

    /// <summary>A Q10 position held between the first and the last element.</summary>
    private static int Clamp(int position, int size)
    {
        if (position < 0)
            return 0;
        int last = (size - 1) << 10;
        return position > last ? last : position;
    }
}
