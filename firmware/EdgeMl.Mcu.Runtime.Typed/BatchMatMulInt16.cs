using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.BatchMatMul;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>
/// int16 matrix products of two activations with 64-bit accumulators, as <see cref="BatchMatMul"/>, whose parameters it has: strides in elements, a Q0.15 multiplier, zero
/// points that do not count. No weights.
/// </summary>
public sealed class BatchMatMulInt16 : Kernel
{
    /// <inheritdoc/>
    public override int ParameterCount => P.Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int count = 2;
        for (int i = 0; i < P.Axes - 1; i++)
            count = layer.Product(count, layer.Dimension(P.Shape + i));
        layer.Arena(P.Output, count);
        ValidateInput(layer, P.Input1, P.Strides1);
        ValidateInput(layer, P.Input2, P.Strides2);
        layer.Range(P.Multiplier, 0, short.MaxValue);
        layer.Range(P.Multiplier + 1, -31, WideChannelTable.MaxWideShift);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        int d0 = frame.Int(P.Shape);
        int d1 = frame.Int(P.Shape + 1);
        int d2 = frame.Int(P.Shape + 2);
        int matrix = 2 * frame.Int(P.Shape + 3) * frame.Int(P.Shape + 4);
        int y = frame.Int(P.Output);
        for (int i0 = 0; i0 < d0; i0++)
        {
            for (int i1 = 0; i1 < d1; i1++)
            {
                for (int i2 = 0; i2 < d2; i2++)
                {
                    int x1 = (i0 * frame.Int(P.Strides1)) + (i1 * frame.Int(P.Strides1 + 1)) + (i2 * frame.Int(P.Strides1 + 2));
                    int x2 = (i0 * frame.Int(P.Strides2)) + (i1 * frame.Int(P.Strides2 + 1)) + (i2 * frame.Int(P.Strides2 + 2));
                    Product(frame, frame.Int(P.Input1) + (2 * x1), frame.Int(P.Input2) + (2 * x2), y);
                    y += matrix;
                }
            }
        }
    }

    private static void Product(Frame frame, int first, int second, int y)
    {
        sbyte[] arena = frame.Arena;
        int rows = frame.Int(P.Shape + P.BatchRank);
        int columns = frame.Int(P.Shape + P.BatchRank + 1);
        int depth = frame.Int(P.Shape + P.BatchRank + 2);
        int rowStride = 2 * frame.Int(P.Strides1 + P.BatchRank);
        int columnStride = 2 * frame.Int(P.Strides2 + P.BatchRank + 1);
        int step1 = 2 * frame.Int(P.Strides1 + P.BatchRank + 2);
        int step2 = 2 * frame.Int(P.Strides2 + P.BatchRank + 2);
        int multiplier = frame.Int(P.Multiplier);
        int shift = frame.Int(P.Multiplier + 1);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int x1 = first;
                int x2 = second + (j * columnStride);
                long sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    sum += Element.ReadInt16(arena, x1) * Element.ReadInt16(arena, x2);
                    x1 += step1;
                    x2 += step2;
                }
                int value = FixedPoint.MultiplyByReducedMultiplier(sum, multiplier, shift);
                if (value < short.MinValue)
                    value = short.MinValue;
                if (value > short.MaxValue)
                    value = short.MaxValue;
                Element.WriteInt16(arena, y, value);
                y += 2;
            }
            first += rowStride;
        }
    }

    private static void ValidateInput(LayerReader layer, int offset, int strides)
    {
        long last = 0;
        for (int i = 0; i < P.Axes; i++)
            last += (long)layer.Range(strides + i, 0, ModelFormat.MaxBytes) * (layer.Dimension(P.Shape + i) - 1);
        layer.ArenaSpan(layer.Int(offset), layer.Int(offset) + (2 * last) + 1);
    }
}
