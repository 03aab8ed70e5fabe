using System;
using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>The slices of an axis at indices that are computed at run time. An index outside the axis takes the first or the last slice.</summary>
/// <remarks>The input is [outer, depth, inner], the output [outer, indices, inner]. No weights.</remarks>
public sealed class GatherElements : Kernel
{
    /// <summary>Parameter: offset of the input in the arena.</summary>
    public const int Input = 0;

    /// <summary>Parameter: offset of the indices in the arena.</summary>
    public const int Indices = 1;

    /// <summary>Parameter: offset of the output in the arena.</summary>
    public const int Output = 2;

    /// <summary>Parameter: product of the dimensions before the axis.</summary>
    public const int Outer = 3;

    /// <summary>Parameter: size of the axis.</summary>
    public const int Depth = 4;

    /// <summary>Parameter: bytes of a slice: product of the dimensions behind the axis, times the size of an element.</summary>
    public const int InnerBytes = 5;

    /// <summary>Parameter: number of indices.</summary>
    public const int Length = 6;

    /// <summary>Parameter: <see cref="TensorType"/> of the indices.</summary>
    public const int IndexType = 7;

    /// <summary>Number of parameters.</summary>
    public const int Count = 8;

    /// <inheritdoc/>
    public override int ParameterCount => Count;

    /// <inheritdoc/>
    public override void Validate(LayerReader layer)
    {
        int slices = layer.Product(layer.Dimension(Outer), layer.Dimension(InnerBytes));
        int length = layer.Dimension(Length);
        layer.Arena(Input, layer.Product(slices, layer.Dimension(Depth)));
        layer.Arena(Output, layer.Product(slices, length));
        layer.Arena(Indices, layer.Product(length, 1 << Element.SizeShift(layer.Range(IndexType, 0, (int)TensorType.Int64))));
        layer.Weights(0);
    }

    /// <inheritdoc/>
    public override void Run(Frame frame)
    {
        sbyte[] arena = frame.Arena;
        int outer = frame.Int(Outer);
        int depth = frame.Int(Depth);
        int bytes = frame.Int(InnerBytes);
        int length = frame.Int(Length);
        int type = frame.Int(IndexType);
        int shift = Element.SizeShift(type);
        int indices = frame.Int(Indices);
        int x = frame.Int(Input);
        int y = frame.Int(Output);
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < length; j++)
            {
                int index = Element.Read(arena, indices + (j << shift), type);
                if (index < 0)
                    index = 0;
                if (index >= depth)
                    index = depth - 1;
                Array.Copy(arena, x + (index * bytes), arena, y, bytes);
                y += bytes;
            }
            x += depth * bytes;
        }
    }
}
