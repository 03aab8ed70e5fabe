using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Reductions over axes.</summary>
internal static class Reduction
{
    /// <summary>ReduceMean; the axes are an input from operator set 18 on, all of them where none are given.</summary>
    public static Tensor Mean(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        int[] axes = ReadAxes(node, x.Shape.Rank);
        return axes.Length == 0 ? x : node.Emit(new Mean(axes), Reduced(node, x.Shape, axes), x);
    }

    /// <summary>ReduceProd of constants: the number of elements in shape arithmetic.</summary>
    public static Tensor Product(OnnxNode node)
    {
        Tensor x = node.Constant(0) ?? throw node.Invalid("the input is missing");
        int[] axes = ReadAxes(node, x.Shape.Rank);
        Shape shape = Reduced(node, x.Shape, axes);
        if (x.Type == ElementType.Float32 || shape.ElementCount != 1)
            throw OnnxErrors.Unsupported("a product that is no shape arithmetic");
        long[] product = [x.Integers().Aggregate(1L, (a, b) => a * b)];
        return node.NewConstant("product", x.Type, shape, IntegerArithmetic.OfType(x.Type, product));
    }

    private static int[] ReadAxes(OnnxNode node, int rank)
    {
        bool keepsAll = node.Attributes.Flag("noop_with_empty_axes");
        long[]? axes = node.IntegersByOpset("axes", 1, inputSince: 18);
        if (axes is { Length: > 0 })
            return node.Axes(axes, rank);
        return keepsAll ? [] : [.. Enumerable.Range(0, rank)];
    }

    private static Shape Reduced(OnnxNode node, Shape shape, int[] axes)
    {
        bool keeps = node.Attributes.Flag("keepdims", true);
        return keeps
            ? new Shape([.. shape.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)])
            : new Shape([.. shape.Where((_, axis) => !axes.Contains(axis))]);
    }
}
