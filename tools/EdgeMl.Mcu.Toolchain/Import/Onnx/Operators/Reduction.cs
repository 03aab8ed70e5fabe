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
        Array product = x.Type == ElementType.Float32
            ? Fold(x.Reals(), x.Shape, axes, 1f, (a, b) => a * b)
            : IntegerArithmetic.OfType(x.Type, Fold(x.Integers(), x.Shape, axes, 1L, (a, b) => a * b));
        return node.NewConstant("product", x.Type, shape, product);
    }

    private static T[] Fold<T>(T[] values, Shape shape, int[] axes, T seed, Func<T, T, T> combine)
    {
        int[] strides = shape.Strides();
        int[] kept = new Shape([.. shape.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)]).Strides();
        var result = new T[shape.Where((_, axis) => !axes.Contains(axis)).Aggregate(1, (a, b) => a * b)];
        Array.Fill(result, seed);
        for (int i = 0; i < values.Length; i++)
        {
            int target = 0;
            for (int axis = 0; axis < strides.Length; axis++)
                target += axes.Contains(axis) ? 0 : i / strides[axis] % shape[axis] * kept[axis];
            result[target] = combine(result[target], values[i]);
        }
        return result;
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
