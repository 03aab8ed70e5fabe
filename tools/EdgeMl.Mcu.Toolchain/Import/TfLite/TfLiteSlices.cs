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
        Emit(graph, source.Input(0), source.Output, begin, [.. Enumerable.Repeat(1, x.Rank)], new Shape(extent));
    }

    public static void StridedSlice(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        int[] begin = source.ConstantInts(1);
        int[] end = source.ConstantInts(2);
        int[] strides = source.ConstantInts(3);
        if (begin.Length != end.Length || begin.Length != strides.Length)
            throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' has {begin.Length} beginnings, {end.Length} ends and {strides.Length} strides");
        var first = new int[x.Rank];
        var step = new int[x.Rank];
        var extent = new int[x.Rank];
        int?[] entries = Entries(source, x.Rank, begin.Length);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (entries[axis] is not { } entry)
            {
                (step[axis], extent[axis]) = (1, x[axis]);
                continue;
            }
            bool Masked(int option) => (source.IntOption(option) >> entry & 1) != 0;
            int last = source.ByteOption(5) != 0 ? (int)Math.Clamp((long)begin[entry] + end[entry], int.MinValue, int.MaxValue) : end[entry];
            (first[axis], step[axis], extent[axis]) = Range(source, x[axis], begin[entry], last, strides[entry], Masked(0), Masked(1), Masked(4));
        }
        Emit(graph, source.Input(0), source.Output, first, step, new Shape(extent));
    }

    /// <summary>
    /// Which entry of beginnings, ends and strides belongs to each axis of the input; null for an axis that is taken whole. Entries in the new-axis mask
    /// belong to none, the one in the ellipsis mask stands for all axes that the others leave.
    /// </summary>
    private static int?[] Entries(TfLiteNode source, int rank, int count)
    {
        bool IsEllipsis(int entry) => (source.IntOption(2) >> entry & 1) != 0;
        bool IsNewAxis(int entry) => !IsEllipsis(entry) && (source.IntOption(3) >> entry & 1) != 0;
        int[] all = [.. Enumerable.Range(0, Math.Min(count, 32))];
        int taken = all.Count(entry => !IsEllipsis(entry) && !IsNewAxis(entry));
        if (all.Length != count || taken > rank || all.Count(IsEllipsis) > 1)
            throw TfLiteImporter.Invalid($"STRIDED_SLICE '{source.Name}' has {count} entries for {rank} dimensions");
        var entries = new List<int?>();
        foreach (int entry in all.Where(entry => !IsNewAxis(entry)))
        {
            if (IsEllipsis(entry))
                entries.AddRange(new int?[rank - taken]);
            else
                entries.Add(entry);
        }
        entries.AddRange(new int?[rank - entries.Count]);
        return [.. entries];
    }

    /// <summary>Reverse: whole axes from their ends to their beginnings.</summary>
    public static void Reverse(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        int[] axes = Array.ConvertAll(source.ConstantInts(1), axis => source.Axis(axis, x.Rank));
        int[] begin = [.. x.Select((size, axis) => axes.Contains(axis) ? size - 1 : 0)];
        int[] steps = [.. x.Select((_, axis) => axes.Contains(axis) ? -1 : 1)];
        Emit(graph, source.Input(0), source.Output, begin, steps, x);
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

    /// <summary>Adds the slice in the input's rank and, where the output has other axes, a Reshape to it. Integer constants are sliced here.</summary>
    public static void Emit(ModelGraph graph, Tensor x, Tensor output, int[] begin, int[] strides, Shape extent)
    {
        if (extent.ElementCount != output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{output.Name}' takes {extent} of {x.Shape}, but the file says {output.Shape}");
        if (x.Data is int[] data && x.Shape.Rank == 1)
        {
            output.Data = Enumerable.Range(0, extent[0]).Select(i => data[begin[0] + (i * strides[0])]).ToArray();
            return;
        }
        var slice = new StridedSlice(begin, strides);
        if (extent.Equals(output.Shape))
        {
            graph.Nodes.Add(new Node(output.Name, slice, [x], output));
            return;
        }
        var part = new Tensor($"{output.Name}/slice", x.Type, extent, x.Quantization);
        graph.Nodes.Add(new Node(part.Name, slice, [x], part));
        TfLiteSteps.Finish(graph, part, output);
    }
}
