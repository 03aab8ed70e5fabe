using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Operators that change only the shape or the order of axes.</summary>
internal static class Shapes
{
    /// <summary>Flatten to two dimensions.</summary>
    public static Tensor Flatten(OnnxNode node)
    {
        Tensor x = node.Input(0);
        int axis = node.Axis(node.Attributes.Integer("axis", 1), x.Shape.Rank, inclusive: true);
        return node.Reshape("", x, TwoDimensional(x.Shape, axis));
    }

    /// <summary>Reshape to a constant shape, in which 0 copies a dimension and -1 takes what is left.</summary>
    public static Tensor Reshape(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long[] target = node.IntegerConstant(1) ?? throw node.Invalid("the shape is missing");
        bool zeroIsZero = node.Attributes.Flag("allowzero");
        if (target.Length > OnnxErrors.MaxRank)
            throw node.Invalid($"the shape has {target.Length} dimensions; at most {OnnxErrors.MaxRank} are possible");
        long known = 1;
        int free = -1;
        var dimensions = new long[target.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (target[i] == -1 && free >= 0)
                throw node.Invalid("the shape leaves more than one dimension open");
            if (target[i] == 0 && !zeroIsZero && i >= x.Shape.Rank)
                throw node.Invalid($"the shape copies the dimension {i} of {x.Shape}");
            dimensions[i] = target[i] == 0 && !zeroIsZero ? x.Shape[i] : target[i];
            if (dimensions[i] == -1)
                free = i;
            else if (dimensions[i] is < 0 or > OnnxErrors.MaxElements || (known *= Math.Max(1, dimensions[i])) > OnnxErrors.MaxElements)
                throw node.Invalid($"the shape {string.Join('x', target)} is not possible");
        }
        if (free >= 0)
            dimensions[free] = x.Shape.ElementCount / known;
        return node.Reshape("", x, OnnxErrors.CheckedShape(dimensions, $"Reshape '{node.Name}'"));
    }

    /// <summary>Squeeze: drops axes of size 1, all of them where none are listed.</summary>
    public static Tensor Squeeze(OnnxNode node)
    {
        Tensor x = node.Input(0);
        int[] axes = node.IntegersByOpset("axes", 1, inputSince: 13) is { } listed
            ? node.Axes(listed, x.Shape.Rank)
            : [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)];
        foreach (int axis in axes)
        {
            if (x.Shape[axis] != 1)
                throw node.Invalid($"axis {axis} of {x.Shape} is not 1");
        }
        return node.Reshape("", x, new Shape([.. x.Shape.Where((_, axis) => !axes.Contains(axis))]));
    }

    /// <summary>Unsqueeze: inserts axes of size 1.</summary>
    public static Tensor Unsqueeze(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long[] listed = node.IntegersByOpset("axes", 1, inputSince: 13) ?? throw node.Invalid("the axes are missing");
        if (listed.Length > OnnxErrors.MaxRank)
            throw node.Invalid($"{listed.Length} axes are inserted; at most {OnnxErrors.MaxRank} are possible");
        int[] axes = node.Axes(listed, x.Shape.Rank + listed.Length);
        var dimensions = new List<int>(x.Shape);
        foreach (int axis in axes)
            dimensions.Insert(axis, 1);
        return node.Reshape("", x, new Shape([.. dimensions]));
    }

    /// <summary>Transpose; the order of axes is reversed where none is given.</summary>
    public static Tensor Transpose(OnnxNode node)
    {
        Tensor x = node.Input(0);
        int rank = x.Shape.Rank;
        long[] permutation = node.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, rank).Select(i => (long)(rank - 1 - i))];
        if (permutation.Length != rank || !permutation.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
            throw node.Invalid($"'perm' is no permutation of {rank} axes");
        return node.Transpose("", x, Array.ConvertAll(permutation, axis => (int)axis));
    }

    /// <summary>Expand to the shape that the input and a constant shape broadcast to.</summary>
    public static Tensor Expand(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long[] target = node.IntegerConstant(1) ?? throw node.Invalid("the shape is missing");
        Shape shape = Broadcast(node, x.Shape, OnnxErrors.CheckedShape(target, $"Expand '{node.Name}'"));
        return Expand(node, x, shape);
    }

    /// <summary>A tensor with its elements repeated to a shape that it broadcasts to.</summary>
    public static Tensor Expand(OnnxNode node, Tensor x, Shape shape)
    {
        if (x.Shape.ElementCount == shape.ElementCount)
            return node.Reshape("expanded", x, shape);
        Tensor ranked = node.Reshape("rank", x, new Shape([.. Enumerable.Repeat(1, shape.Rank - x.Shape.Rank), .. x.Shape]));
        return node.Emit("expanded", new BroadcastTo(), shape, ranked);
    }

    /// <summary>The shape that two shapes broadcast to.</summary>
    public static Shape Broadcast(OnnxNode node, Shape a, Shape b)
    {
        var dimensions = new long[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= dimensions.Length; i++)
        {
            int left = i <= a.Rank ? a[a.Rank - i] : 1;
            int right = i <= b.Rank ? b[b.Rank - i] : 1;
            if (left != right && left != 1 && right != 1)
                throw node.Invalid($"the shapes {a} and {b} do not broadcast");
            dimensions[^i] = left == 1 ? right : left;
        }
        return OnnxErrors.CheckedShape(dimensions, $"{node.OpType} '{node.Name}'");
    }

    /// <summary>A shape as rows and columns, split before an axis.</summary>
    public static Shape TwoDimensional(Shape shape, int axis) =>
        new(new Shape([.. shape.Take(axis)]).ElementCount, new Shape([.. shape.Skip(axis)]).ElementCount);
}
