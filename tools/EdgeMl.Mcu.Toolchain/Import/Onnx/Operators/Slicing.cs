using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Operators that take a part of a tensor.</summary>
internal static class Slicing
{
    /// <summary>Slice with constant bounds.</summary>
    public static Tensor Slice(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long[] starts = node.IntegersByOpset("starts", 1, inputSince: 10) ?? throw node.Invalid("the starts are missing");
        long[] ends = node.IntegersByOpset("ends", 2, inputSince: 10) ?? throw node.Invalid("the ends are missing");
        long[] listed = node.IntegersByOpset("axes", 3, inputSince: 10) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = (node.Opset >= 10 ? node.IntegerConstant(4) : null) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || listed.Length != starts.Length || steps.Length != starts.Length)
            throw node.Invalid($"{starts.Length} starts, {ends.Length} ends, {listed.Length} axes and {steps.Length} steps do not fit together");
        node.Axes(listed, x.Shape.Rank);

        int[] begin = new int[x.Shape.Rank];
        int[] strides = Ones(x.Shape.Rank);
        int[] dimensions = x.Shape.ToArray();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = node.Axis(listed[i], x.Shape.Rank);
            (begin[axis], strides[axis], dimensions[axis]) = Range(node, starts[i], ends[i], steps[i], x.Shape[axis]);
        }
        return Part(node, "", x, begin, strides, new Shape(dimensions));
    }

    /// <summary>Split into the listed sizes, or into equal parts of which the last may be smaller.</summary>
    public static IReadOnlyList<Tensor> Split(OnnxNode node)
    {
        Tensor x = node.Input(0);
        int axis = node.Axis(node.Attributes.Integer("axis", 0), x.Shape.Rank);
        int size = x.Shape[axis];
        long parts = node.Attributes.Integer("num_outputs", node.OutputCount);
        if (parts != node.OutputCount)
            throw node.Invalid($"'num_outputs' is {parts} for {node.OutputCount} outputs");
        long step = (size + parts - 1) / parts;
        long[] sizes = node.IntegersByOpset("split", 1, inputSince: 13)
            ?? [.. Enumerable.Range(0, (int)parts).Select(i => Math.Min(step, size - i * step))];
        if (sizes.Length != parts || sizes.Any(s => s < 1 || s > size) || sizes.Sum() != size)
            throw node.Invalid($"{size} elements cannot be split into {string.Join('+', sizes)} for {parts} outputs");

        var results = new List<Tensor>();
        int[] begin = new int[x.Shape.Rank];
        foreach (long part in sizes)
        {
            Shape shape = x.Shape.With(axis, (int)part);
            results.Add(Part(node, $"part{results.Count}", x, (int[])begin.Clone(), Ones(x.Shape.Rank), shape));
            begin[axis] += (int)part;
        }
        return results;
    }

    /// <summary>Gather with constant indices.</summary>
    public static Tensor Gather(OnnxNode node)
    {
        Tensor x = node.Input(0);
        Tensor indexTensor = node.Constant(1) ?? throw node.Invalid("the indices are missing");
        int axis = node.Axis(node.Attributes.Integer("axis", 0), x.Shape.Rank);
        int size = x.Shape[axis];
        long[] indices = [.. (node.IntegerConstant(1) ?? []).Select(index => index < 0 ? index + size : index)];
        if (indices.Length == 0 || indices.Any(index => index < 0 || index >= size))
            throw node.Invalid($"an index is outside the {size} elements of axis {axis}");
        Shape shape = OnnxErrors.CheckedShape(
            [.. x.Shape.Take(axis).Concat(indexTensor.Shape).Concat(x.Shape.Skip(axis + 1)).Select(d => (long)d)], $"Gather '{node.Name}'");

        return node.Reshape("shape", Select(node, "", x, axis, Array.ConvertAll(indices, index => (int)index)), shape);
    }

    /// <summary>Slices of an axis at indices in the tensor: a strided slice where they are evenly spaced, otherwise a Gather.</summary>
    public static Tensor Select(OnnxNode node, string role, Tensor x, int axis, int[] indices)
    {
        int stride = indices.Length > 1 ? indices[1] - indices[0] : 1;
        bool isEven = stride != 0 && Enumerable.Range(1, indices.Length - 1).All(i => indices[i] - indices[i - 1] == stride);
        return isEven
            ? Along(node, role, x, axis, indices[0], stride, indices.Length)
            : node.Emit(role, new Gather(indices, axis), x.Shape.With(axis, indices.Length), x);
    }

    private static Tensor Along(OnnxNode node, string role, Tensor x, int axis, int first, int stride, int count)
    {
        int[] begin = new int[x.Shape.Rank];
        int[] strides = Ones(x.Shape.Rank);
        begin[axis] = first;
        strides[axis] = stride;
        return Part(node, role, x, begin, strides, x.Shape.With(axis, count));
    }

    /// <summary>Emits a slice; the tensor itself where it is the whole.</summary>
    public static Tensor Part(OnnxNode node, string role, Tensor x, int[] begin, int[] strides, Shape shape) =>
        shape.Equals(x.Shape) && strides.All(stride => stride == 1) ? x : node.Emit(role, new StridedSlice(begin, strides), shape, x);

    // Bounds beyond the tensor are cut to it, as NumPy does.
    private static (int Begin, int Stride, int Count) Range(OnnxNode node, long start, long end, long step, int size)
    {
        if (step == 0)
            throw node.Invalid("a step is 0");
        step = Math.Clamp(step, -OnnxErrors.MaxElements, OnnxErrors.MaxElements);
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1;
        start = Math.Clamp(start < 0 ? start + size : start, step > 0 ? 0 : -1, high);
        end = Math.Clamp(end < 0 ? end + size : end, low, high);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return count > 0 ? ((int)start, (int)step, (int)count) : (0, 1, 0);
    }

    private static int[] Ones(int rank)
    {
        var ones = new int[rank];
        Array.Fill(ones, 1);
        return ones;
    }
}
