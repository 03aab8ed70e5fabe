using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Normalisations whose mean and variance come from the input itself: <c>(x - mean) / sqrt(variance + epsilon)</c>.</summary>
internal static class Statistics
{
    /// <summary>InstanceNormalization: over the spatial axes of [N,C,…], then scale [C] and offset [C].</summary>
    public static Tensor Instance(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        if (x.Shape.Rank < 3)
            throw node.Invalid($"the input has the shape {x.Shape}, which has no spatial axes");
        (Tensor y, _, _) = Normalize(node, x, [.. Enumerable.Range(2, x.Shape.Rank - 2)], node.Attributes.Real("epsilon", 1e-5f));
        var channels = new Shape([x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Rank - 2)]);
        Tensor scaled = Elementwise.Combine(node, BinaryKind.Mul, y, node.Reshape("scale", node.RealInput(1), channels), "scaled");
        return Elementwise.Combine(node, BinaryKind.Add, scaled, node.Reshape("offset", node.RealInput(2), channels));
    }

    /// <summary>LayerNormalization: over the axes from one on, then a scale and an optional offset.</summary>
    public static IReadOnlyList<Tensor> Layer(OnnxNode node)
    {
        node.Attributes.Ignore("stash_type");
        Tensor x = node.RealInput(0);
        int axis = node.Axis(node.Attributes.Integer("axis", -1), x.Shape.Rank);
        (Tensor y, Tensor mean, Tensor factor) = Normalize(node, x, [.. Enumerable.Range(axis, x.Shape.Rank - axis)], node.Attributes.Real("epsilon", 1e-5f));
        Tensor scaled = Elementwise.Combine(node, BinaryKind.Mul, y, node.RealInput(1), "scaled");
        Tensor result = node.InputOrNull(2) is null ? scaled : Elementwise.Combine(node, BinaryKind.Add, scaled, node.RealInput(2));
        return [result, mean, factor];
    }

    /// <summary>MeanVarianceNormalization over the listed axes.</summary>
    public static Tensor MeanVariance(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        const float Epsilon = 1e-9f;
        return Normalize(node, x, node.Axes(node.Attributes.Integers("axes") ?? [0, 2, 3], x.Shape.Rank), Epsilon).Result;
    }

    private static (Tensor Result, Tensor Mean, Tensor Factor) Normalize(OnnxNode node, Tensor x, int[] axes, float epsilon)
    {
        Shape reduced = new([.. x.Shape.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)]);
        Tensor mean = node.Emit("mean", new Mean(axes), reduced, x);
        Tensor centred = node.Emit("centred", new Binary(BinaryKind.Sub), x.Shape, x, mean);
        Tensor squares = node.Emit("squares", new Unary(UnaryKind.Square), x.Shape, centred);
        Tensor variance = node.Emit("variance", new Mean(axes), reduced, squares);
        Tensor offset = node.NewConstant("epsilon", new Shape([.. reduced.Select(_ => 1)]), [epsilon]);
        Tensor positive = node.Emit("positive", new Binary(BinaryKind.Add), reduced, variance, offset);
        Tensor factor = node.Emit("factor", new Unary(UnaryKind.Rsqrt), reduced, positive);
        return (node.Emit("normalized", new Binary(BinaryKind.Mul), x.Shape, centred, factor), mean, factor);
    }
}
