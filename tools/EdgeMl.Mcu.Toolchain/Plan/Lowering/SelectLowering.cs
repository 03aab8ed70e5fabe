using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.IndexedCopy;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators that select elements axis by axis: Gather, MirrorPad, ResizeNearest.</summary>
internal static class SelectLowering
{
    private const int MaxSelected = 1 << 16;

    /// <summary>
    /// A strided copy where every axis takes evenly spaced elements, or else copies by lists of indices, two axes each, through intermediate buffers.
    /// </summary>
    public static void Lower(Node node, ProgramBuilder builder)
    {
        MoveLowering.RequireSameQuantization(node.Input, node.Output);
        Shape shape = node.Input.Shape;
        if (node.Output.Shape.Any(size => size > MaxSelected))
            throw new LoweringException($"it selects {node.Output.Shape}, more than {MaxSelected} elements of an axis");
        int[]?[] indices = AxisSelection.Of(node.Operator, shape, node.Output.Shape);
        if (Array.TrueForAll(indices, IsEvenlySpaced))
        {
            MoveLowering.Slice(node, Array.ConvertAll(indices, axis => axis?[0] ?? 0), Array.ConvertAll(indices, Step), builder);
            return;
        }
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(axis => indices[axis] is not null)];
        ArenaBuffer read = builder.Read(node.Input);
        for (int i = 0; i < axes.Length; i += 2)
        {
            int first = axes[i];
            int second = i + 1 < axes.Length ? axes[i + 1] : shape.Rank;
            Shape selected = Selected(Selected(shape, first, indices), second, indices);
            bool isLast = i + 2 >= axes.Length;
            ArenaBuffer write = isLast ? builder.Write(node.Output) : new ArenaBuffer($"{node.Name}/{i}", selected.ElementCount * node.Input.Type.Size());
            builder.Add(Layer(node, shape, first, second, indices, selected, read, write));
            (shape, read) = (selected, write);
        }
    }

    private static bool IsEvenlySpaced(int[]? indices)
    {
        for (int i = 2; i < indices?.Length; i++)
        {
            if (indices[i] - indices[i - 1] != indices[1] - indices[0])
                return false;
        }
        return true;
    }

    private static int Step(int[]? indices) => indices is null ? 1 : indices.Length < 2 ? 0 : indices[1] - indices[0];

    private static Shape Selected(Shape shape, int axis, int[]?[] indices) => axis == shape.Rank ? shape : shape.With(axis, indices[axis]!.Length);

    /// <summary>Sees the input's bytes as [A, rows, B, columns, C]; a <paramref name="second"/> axis beyond the last one is a single column.</summary>
    private static DeviceLayer Layer(Node node, Shape shape, int first, int second, int[]?[] indices, Shape output, ArenaBuffer read, ArenaBuffer write)
    {
        int size = node.Input.Type.Size();
        int[] strides = Array.ConvertAll(shape.Strides(), stride => stride * size);
        bool hasColumns = second < shape.Rank;
        int middleEnd = hasColumns ? second : first + 1;
        int[] rows = Array.ConvertAll(indices[first]!, index => index * strides[first]);
        int[] columns = hasColumns ? Array.ConvertAll(indices[second]!, index => index * strides[second]) : [0];
        var parameters = new int[K.Count];
        parameters[K.Outer] = Product(shape, 0, first);
        parameters[K.OuterStride] = Product(shape, first, shape.Rank) * size;
        parameters[K.Rows] = rows.Length;
        parameters[K.Middle] = Product(shape, first + 1, middleEnd);
        parameters[K.MiddleStride] = strides[middleEnd - 1];
        parameters[K.Columns] = columns.Length;
        parameters[K.Block] = strides[hasColumns ? second : first];
        return new DeviceLayer
        {
            Name = node.Name,
            Operator = node.Operator.Name,
            Kernel = OpCode.IndexedCopy,
            Parameters = parameters,
            Reads = [new ArenaReference(K.Input, read, 0)],
            Writes = [new ArenaReference(K.Output, write, 0)],
            Weights = Table([.. rows, .. columns]),
            OutputShape = output,
        };
    }

    private static int Product(Shape shape, int start, int end)
    {
        int product = 1;
        for (int axis = start; axis < end; axis++)
            product *= shape[axis];
        return product;
    }

    private static byte[] Table(int[] offsets)
    {
        var bytes = new byte[4 * offsets.Length];
        for (int i = 0; i < offsets.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), offsets[i]);
        return bytes;
    }
}
