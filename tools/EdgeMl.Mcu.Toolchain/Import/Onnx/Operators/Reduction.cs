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

    public static Tensor Max(OnnxNode node) => Reduce(node, ReduceKind.Max, node.RealInput(0));

    public static Tensor Min(OnnxNode node) => Reduce(node, ReduceKind.Min, node.RealInput(0));

    /// <summary>ReduceSum; the axes are an input from operator set 13 on.</summary>
    public static Tensor Sum(OnnxNode node) => Reduce(node, ReduceKind.Sum, node.RealInput(0), axesInputSince: 13);

    public static Tensor L1(OnnxNode node) => Reduce(node, ReduceKind.Sum, Apply(node, "abs", UnaryKind.Abs, node.RealInput(0)));

    public static Tensor L2(OnnxNode node) => Apply(node, "root", UnaryKind.Sqrt, SumSquare(node));

    public static Tensor SumSquare(OnnxNode node) => Reduce(node, ReduceKind.Sum, Apply(node, "square", UnaryKind.Square, node.RealInput(0)));

    public static Tensor LogSum(OnnxNode node) => Apply(node, "log", UnaryKind.Log, Reduce(node, ReduceKind.Sum, node.RealInput(0)));

    public static Tensor LogSumExp(OnnxNode node) =>
        Apply(node, "log", UnaryKind.Log, Reduce(node, ReduceKind.Sum, Apply(node, "exp", UnaryKind.Exp, node.RealInput(0))));

    private static Tensor Reduce(OnnxNode node, ReduceKind kind, Tensor x, int axesInputSince = 18)
    {
        int[] axes = ReadAxes(node, x.Shape.Rank, axesInputSince);
        Shape shape = Reduced(node, x.Shape, axes);
        return axes.Length == 0 ? x : node.Emit(new Reduce(kind, axes), shape, x);
    }

    private static Tensor Apply(OnnxNode node, string role, UnaryKind kind, Tensor x) => node.Emit(role, new Unary(kind), x.Shape, x);

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

    private static int[] ReadAxes(OnnxNode node, int rank, int inputSince = 18)
    {
        bool keepsAll = node.Attributes.Flag("noop_with_empty_axes");
        long[]? axes = node.IntegersByOpset("axes", 1, inputSince);
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
