using System;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>Selects blocks by lists of indices along two axes: gather, nearest-neighbour resize, mirrored padding.</summary>
/// <remarks>
/// The output [A, H, B, W, C] is dense: byte (a, i, b, j, c) is <c>arena[Input + a * OuterStride + rows[i] + b * MiddleStride + columns[j] + c]</c>.
/// Weights: rows [H] int32, then columns [W] int32, not negative.
/// </remarks>
public sealed class IndexedCopy : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 1;

    /// <summary>Parameter: A.</summary>
    public const int Outer = 2;

    /// <summary>Parameter: bytes of the input from one index of A to the next; all that an index of A selects lies within them.</summary>
    public const int OuterStride = 3;

    /// <summary>Parameter: H.</summary>
    public const int Rows = 4;

    /// <summary>Parameter: B.</summary>
    public const int Middle = 5;

    /// <summary>Parameter: bytes of the input from one index of B to the next.</summary>
    public const int MiddleStride = 6;

    /// <summary>Parameter: W.</summary>
    public const int Columns = 7;

    /// <summary>Parameter: C.</summary>
    public const int Block = 8;

    /// <summary>Number of parameters.</summary>
    public const int Count = 9;

    /// <summary>Blocks of at least this many bytes are moved by the system's own copy.</summary>
    private const int BlockThreshold = 8;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int outer = layer.Dimension(Outer);
        int rows = layer.Dimension(Rows);
        int middle = layer.Dimension(Middle);
        int columns = layer.Dimension(Columns);
        int block = layer.Dimension(Block);
        layer.Arena(Output, layer.Product(layer.Product(outer, rows, middle, columns), block));
        layer.Weights(4L * ((long)rows + columns));
        if (layer.Failed)
            return;
        int outerStride = layer.Dimension(OuterStride);
        layer.Arena(Input, layer.Product(outer, outerStride));
        long end = ((middle - 1L) * layer.Range(MiddleStride, 0, ModelFormat.MaxBytes)) + Greatest(layer, 0, rows) + Greatest(layer, rows, columns) + block;
        layer.Check(end <= outerStride);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        byte[] weights = frame.Weights;
        int outer = frame.Int(Outer);
        int outerStride = frame.Int(OuterStride);
        int middle = frame.Int(Middle);
        int middleStride = frame.Int(MiddleStride);
        int block = frame.Int(Block);
        int rows = frame.WeightOffset;
        int columns = rows + (frame.Int(Rows) << 2);
        int end = columns + (frame.Int(Columns) << 2);
        int image = frame.Int(Input);
        int y = frame.Int(Output);
        for (int a = 0; a < outer; a++)
        {
            for (int row = rows; row < columns; row += 4)
            {
                int start = image + BitConverter.ToInt32(weights, row);
                for (int b = 0; b < middle; b++)
                {
                    for (int column = columns; column < end; column += 4)
                    {
                        int x = start + BitConverter.ToInt32(weights, column);
                        if (block >= BlockThreshold)
                        {
                            Array.Copy(arena, x, arena, y, block);
                            y += block;
                            continue;
                        }
                        int blockEnd = x + block;
                        while (x < blockEnd)
                            arena[y++] = arena[x++];
                    }
                    start += middleStride;
                }
            }
            image += outerStride;
        }
    }

    private static long Greatest(LayerReader layer, int first, int count)
    {
        int greatest = 0;
        for (int i = first; i < first + count; i++)
        {
            int offset = layer.WeightInt(i << 2);
            layer.Check(offset >= 0);
            if (offset > greatest)
                greatest = offset;
        }
        return greatest;
    }
}
