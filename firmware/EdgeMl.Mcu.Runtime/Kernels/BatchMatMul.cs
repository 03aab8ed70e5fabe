using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// int8 matrix products of two activations: <c>out[b, i, j] = requantise(Σ_k (x1[b, i, k] - zp1) * (x2[b, k, j] - zp2))</c>. Strides say how each input is laid out,
/// so it may be transposed or the same for several batches.
/// </summary>
/// <remarks>The output has the shape [B0, B1, B2, I, J], rows last. No weights.</remarks>
public sealed class BatchMatMul : Kernel
{
    /// <summary>Number of batch dimensions; absent ones have size 1.</summary>
    public const int BatchRank = 3;

    /// <summary>Parameter: offset of the first input in the arena.</summary>
    public const int Input1 = 0;

    /// <summary>Parameter: offset of the second input in the arena.</summary>
    public const int Input2 = 1;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 2;

    /// <summary>Parameters: B0, B1, B2, I, J, K.</summary>
    public const int Shape = 3;

    /// <summary>Parameters: strides of the first input along B0, B1, B2, I, J (which is 0) and K (which is not 0).</summary>
    public const int Strides1 = Shape + Axes;

    /// <summary>Parameters: strides of the second input along B0, B1, B2, I (which is 0), J and K.</summary>
    public const int Strides2 = Strides1 + Axes;

    /// <summary>Parameter: zero point of the first input.</summary>
    public const int ZeroPoint1 = Strides2 + Axes;

    /// <summary>Parameter: zero point of the second input.</summary>
    public const int ZeroPoint2 = ZeroPoint1 + 1;

    /// <summary>Parameter: zero point of the output.</summary>
    public const int OutputZeroPoint = ZeroPoint1 + 2;

    /// <summary>Parameters: Q0.31 multiplier and shift.</summary>
    public const int Multiplier = ZeroPoint1 + 3;

    /// <summary>Number of parameters.</summary>
    public const int Count = ZeroPoint1 + 5;

    /// <summary>Batch dimensions, then I, J and K.</summary>
    public const int Axes = BatchRank + 3;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = 1;
        for (int i = 0; i < Axes - 1; i++)
            count = layer.Product(count, layer.Dimension(Shape + i));
        layer.Arena(Output, count);
        ValidateInput(layer, Input1, Strides1);
        ValidateInput(layer, Input2, Strides2);
        // With it the arena bounds K, and so the time of a run.
        layer.Range(Strides1 + Axes - 1, 1, ModelFormat.MaxBytes);
        layer.Range(ZeroPoint1, -128, 127);
        layer.Range(ZeroPoint2, -128, 127);
        layer.Range(OutputZeroPoint, -128, 127);
        layer.Range(Multiplier, 0, int.MaxValue);
        layer.Range(Multiplier + 1, -31, 30);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int d0 = frame.Int(Shape);
        int d1 = frame.Int(Shape + 1);
        int d2 = frame.Int(Shape + 2);
        int matrix = frame.Int(Shape + 3) * frame.Int(Shape + 4);
        int y = frame.Int(Output);
        for (int i0 = 0; i0 < d0; i0++)
        {
            for (int i1 = 0; i1 < d1; i1++)
            {
                for (int i2 = 0; i2 < d2; i2++)
                {
                    int x1 = frame.Int(Input1) + (i0 * frame.Int(Strides1)) + (i1 * frame.Int(Strides1 + 1)) + (i2 * frame.Int(Strides1 + 2));
                    int x2 = frame.Int(Input2) + (i0 * frame.Int(Strides2)) + (i1 * frame.Int(Strides2 + 1)) + (i2 * frame.Int(Strides2 + 2));
                    Product(frame, x1, x2, y);
                    y += matrix;
                }
            }
        }
    }

    private static void Product(Frame frame, int first, int second, int y)
    {
        sbyte[] arena = frame.Arena;
        int rows = frame.Int(Shape + BatchRank);
        int columns = frame.Int(Shape + BatchRank + 1);
        int depth = frame.Int(Shape + BatchRank + 2);
        int rowStride = frame.Int(Strides1 + BatchRank);
        int columnStride = frame.Int(Strides2 + BatchRank + 1);
        int step1 = frame.Int(Strides1 + BatchRank + 2);
        int step2 = frame.Int(Strides2 + BatchRank + 2);
        int zeroPoint1 = frame.Int(ZeroPoint1);
        int zeroPoint2 = frame.Int(ZeroPoint2);
        int outputZeroPoint = frame.Int(OutputZeroPoint);
        int multiplier = frame.Int(Multiplier);
        int shift = frame.Int(Multiplier + 1);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int x1 = first;
                int x2 = second + (j * columnStride);
                int sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    sum += (arena[x1] - zeroPoint1) * (arena[x2] - zeroPoint2);
                    x1 += step1;
                    x2 += step2;
                }
                sum = FixedPoint.MultiplyByQuantizedMultiplier(sum, multiplier, shift) + outputZeroPoint;
                if (sum < -128)
                    sum = -128;
                if (sum > 127)
                    sum = 127;
                arena[y++] = (sbyte)sum;
            }
            first += rowStride;
        }
    }

    private static void ValidateInput(LayerReader layer, int offset, int strides)
    {
        long last = layer.Int(offset);
        for (int i = 0; i < Axes; i++)
            last += (long)layer.Range(strides + i, 0, ModelFormat.MaxBytes) * (layer.Dimension(Shape + i) - 1);
        layer.ArenaSpan(layer.Int(offset), last);
    }
}
