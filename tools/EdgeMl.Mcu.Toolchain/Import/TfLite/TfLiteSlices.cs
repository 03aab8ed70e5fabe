using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Slice and StridedSlice, brought to non-negative beginnings and the output's extent.</summary>
internal static class TfLiteSlices
{
    public static void Slice(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        int[] begin = source.ConstantInts(1);
        int[] size = source.ConstantInts(2);
        if (begin.Length != x.Rank || size.Length != x.Rank)
            throw TfLiteImporter.Invalid($"SLICE '{source.Name}' has {begin.Length} beginnings and {size.Length} sizes for {x.Rank} dimensions");
        var extent = new int[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            extent[axis] = size[axis] == -1 ? x[axis] - begin[axis] : size[axis];
            if (begin[axis] < 0 || extent[axis] < 1 || (long)begin[axis] + extent[axis] > x[axis])
                throw TfLiteImporter.Invalid($"SLICE '{source.Name}' takes {extent[axis]} from {begin[axis]} of {x[axis]}");
        }
        Emit(source, graph, begin, [.. Enumerable.Repeat(1, x.Rank)], new Shape(extent));
    }

    public static void StridedSlice(TfLiteNode source, ModelGraph graph)
    {
        if (source.IntOption(2) != 0 || source.IntOption(3) != 0)
            throw new UnsupportedNodeException("ellipsis or new-axis mask");
        Shape x = source.Input(0).Shape;
        int[] begin = source.ConstantInts(1);
        int[] end = source.ConstantInts(2);
        int[] strides = source.ConstantInts(3);
        if (begin.Length != end.Length || begin.Length != strides.Length || begin.Length > x.Rank)
            throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' has {begin.Length} beginnings, {end.Length} ends and {strides.Length} strides for {x.Rank} dimensions");
        var first = new int[x.Rank];
        var step = new int[x.Rank];
        var extent = new int[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (axis >= begin.Length)
            {
                (step[axis], extent[axis]) = (1, x[axis]);
                continue;
            }
            bool Masked(int option) => (source.IntOption(option) >> axis & 1) != 0;
            (first[axis], step[axis], extent[axis]) = Range(source, x[axis], begin[axis], end[axis], strides[axis], Masked(0), Masked(1), Masked(4));
        }
        Emit(source, graph, first, step, new Shape(extent));
    }

    private static (int First, int Step, int Count) Range(TfLiteNode source, int size, int begin, int end, int stride, bool fromStart, bool toEnd, bool shrink)
    {
        if (stride == 0 || size == 0)
            throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' has stride {stride} over {size} elements");
        long low = stride > 0 ? 0 : -1;
        long high = stride > 0 ? size : size - 1;
        long Clamp(long index) => Math.Clamp(index < 0 ? index + size : index, low, high);
        long first = fromStart ? (stride > 0 ? 0 : size - 1) : Clamp(begin);
        long last = toEnd ? (stride > 0 ? size : -1) : Clamp(end);
        if (shrink)
            return first >= 0 && first < size ? ((int)first, 1, 1) : throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' takes element {begin} of {size}");
        long count = stride > 0 ? (last - first + stride - 1) / stride : (first - last - stride - 1) / -(long)stride;
        return count > 0 ? ((int)first, stride, (int)count) : throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' takes nothing of {size}");
    }

    /// <summary>Adds the slice in the input's rank and, where the source drops axes, a Reshape to its output. Integer constants are sliced here.</summary>
    private static void Emit(TfLiteNode source, ModelGraph graph, int[] begin, int[] strides, Shape extent)
    {
        Tensor x = source.Input(0);
        if (extent.ElementCount != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{source.Name}' takes {extent} of {x.Shape}, but the file says {source.Output.Shape}");
        if (x.Data is int[] data && x.Shape.Rank == 1)
        {
            source.Output.Data = Enumerable.Range(0, extent[0]).Select(i => data[begin[0] + (i * strides[0])]).ToArray();
            return;
        }
        var slice = new StridedSlice(begin, strides);
        if (extent.Equals(source.Output.Shape))
        {
            graph.Nodes.Add(new Node(source.Name, slice, [x], source.Output));
            return;
        }
        var part = new Tensor($"{source.Name}/slice", x.Type, extent, x.Quantization);
        graph.Nodes.Add(new Node(part.Name, slice, [x], part));
        graph.Nodes.Add(new Node(source.Name, new Reshape(), [part], source.Output));
    }
}
