using System;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Kernels;

/// <summary>
/// Moves elements from one pattern of strides to another: transpose, slice, concatenation, pack, broadcast, reverse.
/// </summary>
/// <remarks>
/// For each index i of [D0 … D5]: <c>arena[Output + Σ i_k * OutputStrides_k] = arena[Input + Σ i_k * InputStrides_k]</c>. Rows last; absent dimensions
/// have size 1. Strides may be zero or negative. No weights.
/// </remarks>
public sealed class StridedCopy : Kernel
{
    /// <summary>Number of dimensions.</summary>
    public const int Rank = ModelFormat.MaxRank;

    /// <summary>Parameter: arena offset of the input's element at index 0.</summary>
    public const int Input = 0;

    /// <summary>Parameter: arena offset of the output's element at index 0.</summary>
    public const int Output = 1;

    /// <summary>Parameters: dimensions.</summary>
    public const int Shape = 2;

    /// <summary>Parameters: strides of the input.</summary>
    public const int InputStrides = Shape + Rank;

    /// <summary>Parameters: strides of the output.</summary>
    public const int OutputStrides = InputStrides + Rank;

    /// <summary>Number of parameters.</summary>
    public const int Count = OutputStrides + Rank;

    /// <summary>Rows of at least this many bytes are moved by the system's own copy.</summary>
    private const int BlockThreshold = 8;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int elements = 1;
        for (int i = 0; i < Rank; i++)
            elements = layer.Product(elements, layer.Dimension(Shape + i));
        // A copy that writes a byte more than once would only take time.
        layer.ArenaSpan(0, elements - 1);
        ValidateSide(layer, Input, InputStrides);
        ValidateSide(layer, Output, OutputStrides);
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int d0 = frame.Int(Shape);
        int d1 = frame.Int(Shape + 1);
        int d2 = frame.Int(Shape + 2);
        int d3 = frame.Int(Shape + 3);
        int d4 = frame.Int(Shape + 4);
        int d5 = frame.Int(Shape + 5);
        int input3 = frame.Int(InputStrides + 3);
        int input4 = frame.Int(InputStrides + 4);
        int input5 = frame.Int(InputStrides + 5);
        int output3 = frame.Int(OutputStrides + 3);
        int output4 = frame.Int(OutputStrides + 4);
        int output5 = frame.Int(OutputStrides + 5);
        bool block = input5 == 1 && output5 == 1 && d5 >= BlockThreshold;
        for (int i0 = 0; i0 < d0; i0++)
        {
            for (int i1 = 0; i1 < d1; i1++)
            {
                for (int i2 = 0; i2 < d2; i2++)
                {
                    int inputBase = frame.Int(Input) + (i0 * frame.Int(InputStrides)) + (i1 * frame.Int(InputStrides + 1)) + (i2 * frame.Int(InputStrides + 2));
                    int outputBase = frame.Int(Output) + (i0 * frame.Int(OutputStrides)) + (i1 * frame.Int(OutputStrides + 1)) + (i2 * frame.Int(OutputStrides + 2));
                    for (int i3 = 0; i3 < d3; i3++)
                    {
                        for (int i4 = 0; i4 < d4; i4++)
                        {
                            int x = inputBase + (i3 * input3) + (i4 * input4);
                            int y = outputBase + (i3 * output3) + (i4 * output4);
                            if (block)
                            {
                                Array.Copy(arena, x, arena, y, d5);
                                continue;
                            }
                            for (int i5 = 0; i5 < d5; i5++)
                            {
                                arena[y] = arena[x];
                                x += input5;
                                y += output5;
                            }
                        }
                    }
                }
            }
        }
    }

    private static void ValidateSide(LayerReader layer, int offset, int strides)
    {
        long first = layer.Int(offset);
        long last = first;
        for (int i = 0; i < Rank; i++)
        {
            long reach = (long)layer.Range(strides + i, -ModelFormat.MaxBytes, ModelFormat.MaxBytes) * (layer.Dimension(Shape + i) - 1);
            if (reach < 0)
                first += reach;
            else
                last += reach;
        }
        layer.ArenaSpan(first, last);
    }
}
