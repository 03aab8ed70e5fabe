using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Operators that work on each element alone, or on pairs with broadcasting.</summary>
internal static class Elementwise
{
    public static Tensor Abs(OnnxNode node) => Unary(node, UnaryKind.Abs);

    public static Tensor Exp(OnnxNode node) => Unary(node, UnaryKind.Exp);

    public static Tensor HardSwish(OnnxNode node) => Unary(node, UnaryKind.HardSwish);

    public static Tensor Log(OnnxNode node) => Unary(node, UnaryKind.Log);

    public static Tensor Neg(OnnxNode node) => Unary(node, UnaryKind.Neg);

    public static Tensor Relu(OnnxNode node) => Unary(node, UnaryKind.Relu);

    public static Tensor Sigmoid(OnnxNode node) => Unary(node, UnaryKind.Logistic);

    public static Tensor Sqrt(OnnxNode node) => Unary(node, UnaryKind.Sqrt);

    public static Tensor Tanh(OnnxNode node) => Unary(node, UnaryKind.Tanh);

    public static Tensor Elu(OnnxNode node) => Unary(node, UnaryKind.Elu, node.Attributes.Real("alpha", 1));

    public static Tensor LeakyRelu(OnnxNode node) => Unary(node, UnaryKind.LeakyRelu, node.Attributes.Real("alpha", 0.01f));

    public static Tensor HardSigmoid(OnnxNode node) =>
        Unary(node, UnaryKind.HardSigmoid, node.Attributes.Real("alpha", 0.2f), node.Attributes.Real("beta", 0.5f));

    public static Tensor Add(OnnxNode node) => Binary(node, BinaryKind.Add);

    public static Tensor Sub(OnnxNode node) => Binary(node, BinaryKind.Sub);

    public static Tensor Mul(OnnxNode node) => Binary(node, BinaryKind.Mul);

    public static Tensor Div(OnnxNode node) => Binary(node, BinaryKind.Div);

    public static Tensor Max(OnnxNode node) => Variadic(node, BinaryKind.Maximum);

    public static Tensor Min(OnnxNode node) => Variadic(node, BinaryKind.Minimum);

    public static Tensor Sum(OnnxNode node) => Variadic(node, BinaryKind.Add);

    /// <summary>Clip with bounds as attributes (before operator set 11) or as constant inputs.</summary>
    public static Tensor Clip(OnnxNode node)
    {
        bool areInputs = node.Opset >= 11;
        float min = areInputs ? Bound(node, 1, float.NegativeInfinity) : node.Attributes.Real("min", float.NegativeInfinity);
        float max = areInputs ? Bound(node, 2, float.PositiveInfinity) : node.Attributes.Real("max", float.PositiveInfinity);
        // The attributes' documented defaults are the largest finite numbers.
        if (min == float.MinValue)
            min = float.NegativeInfinity;
        if (max == float.MaxValue)
            max = float.PositiveInfinity;
        return (min, max) switch
        {
            (0, 6) => Unary(node, UnaryKind.Relu6),
            (-1, 1) => Unary(node, UnaryKind.ReluN1To1),
            (0, float.PositiveInfinity) => Unary(node, UnaryKind.Relu),
            (float.NegativeInfinity, float.PositiveInfinity) => node.RealInput(0),
            _ => Unary(node, UnaryKind.Clip, min, max),
        };
    }

    /// <summary>PRelu with one slope for all elements.</summary>
    public static Tensor PRelu(OnnxNode node)
    {
        float[] slopes = (float[])node.RealConstant(1).Data!;
        if (slopes.Length == 0 || slopes.Distinct().Count() > 1)
            throw OnnxErrors.Unsupported("a slope for each channel");
        return Unary(node, UnaryKind.LeakyRelu, slopes[0]);
    }

    /// <summary>Pow with the constant exponent 2, 1 or 0.5.</summary>
    public static Tensor Pow(OnnxNode node)
    {
        float[] exponents = node.Constant(1)?.Reals() ?? throw node.Invalid("the exponent is missing");
        return exponents.Length == 1 ? exponents[0] switch
        {
            2 => Unary(node, UnaryKind.Square),
            1 => node.RealInput(0),
            0.5f => Unary(node, UnaryKind.Sqrt),
            _ => throw OnnxErrors.Unsupported($"the exponent {exponents[0]}"),
        } : throw OnnxErrors.Unsupported("more than one exponent");
    }

    /// <summary>One operation on two tensors with NumPy broadcasting.</summary>
    public static Tensor Combine(OnnxNode node, BinaryKind kind, Tensor a, Tensor b)
    {
        if (a.Type != b.Type)
            throw node.Invalid($"the operands have the types {a.Type.JsonName()} and {b.Type.JsonName()}");
        Shape shape = Shapes.Broadcast(node, a.Shape, b.Shape);
        return node.Emit(new Binary(kind), shape, SameRank(node, a, shape.Rank), SameRank(node, b, shape.Rank));
    }

    private static Tensor SameRank(OnnxNode node, Tensor tensor, int rank) =>
        node.Reshape("rank", tensor, new Shape([.. Enumerable.Repeat(1, rank - tensor.Shape.Rank), .. tensor.Shape]));

    private static Tensor Unary(OnnxNode node, UnaryKind kind, float alpha = 0, float beta = 0)
    {
        Tensor x = node.RealInput(0);
        return node.Emit(new Unary(kind, alpha, beta), x.Shape, x);
    }

    private static Tensor Binary(OnnxNode node, BinaryKind kind) => Combine(node, kind, node.Input(0), node.Input(1));

    private static Tensor Variadic(OnnxNode node, BinaryKind kind)
    {
        Tensor result = node.Input(0);
        for (int i = 1; i < node.InputCount; i++)
            result = Combine(node, kind, result, node.Input(i));
        return result;
    }

    private static float Bound(OnnxNode node, int input, float defaultValue)
    {
        if (node.InputOrNull(input) is null)
            return defaultValue;
        var values = (float[])node.RealConstant(input).Data!;
        return values.Length == 1 ? values[0] : throw node.Invalid($"a bound has {values.Length} values");
    }
}
