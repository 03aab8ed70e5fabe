using EdgeMl.Mcu.Toolchain.Evaluate;
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

    public static Tensor Erf(OnnxNode node) => Unary(node, UnaryKind.Erf);

    public static Tensor Mish(OnnxNode node) => Unary(node, UnaryKind.Mish);

    public static Tensor Reciprocal(OnnxNode node) => Unary(node, UnaryKind.Reciprocal);

    public static Tensor Sign(OnnxNode node) => Unary(node, UnaryKind.Sign);

    public static Tensor Softplus(OnnxNode node) => Unary(node, UnaryKind.Softplus);

    public static Tensor Softsign(OnnxNode node) => Unary(node, UnaryKind.Softsign);

    public static Tensor Celu(OnnxNode node) => Unary(node, UnaryKind.Celu, node.Attributes.Real("alpha", 1));

    public static Tensor ThresholdedRelu(OnnxNode node) => Unary(node, UnaryKind.ThresholdedRelu, node.Attributes.Real("alpha", 1));

    /// <summary>Selu, with the slope and factor that ONNX defines where none are given.</summary>
    public static Tensor Selu(OnnxNode node) =>
        Unary(node, UnaryKind.Selu, node.Attributes.Real("alpha", 1.67326319f), node.Attributes.Real("gamma", 1.05070102f));

    /// <summary>Gelu, exact or by the hyperbolic tangent.</summary>
    public static Tensor Gelu(OnnxNode node) => node.Attributes.Text("approximate", "none") switch
    {
        "none" => Unary(node, UnaryKind.Gelu),
        "tanh" => Unary(node, UnaryKind.GeluTanh),
        var mode => throw OnnxErrors.Unsupported($"the approximation '{mode}'"),
    };

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

    /// <summary>Mean of any number of tensors.</summary>
    public static Tensor Mean(OnnxNode node)
    {
        Tensor sum = Variadic(node, BinaryKind.Add);
        return node.InputCount == 1 ? sum : Combine(node, BinaryKind.Mul, sum, node.NewConstant("share", Ones(sum.Shape.Rank), [1f / node.InputCount]), "mean");
    }

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

    /// <summary>PRelu; one slope for all elements makes it LeakyRelu.</summary>
    public static Tensor PRelu(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        Tensor slope = node.RealInput(1);
        if (slope.Data is float[] { Length: > 0 } slopes && !slopes.AsSpan().ContainsAnyExcept(slopes[0]) && slope.Shape.Rank <= x.Shape.Rank)
            return Unary(node, UnaryKind.LeakyRelu, slopes[0]);
        if (!Shapes.Broadcast(node, x.Shape, slope.Shape).Equals(x.Shape))
            throw node.Invalid($"slopes of shape {slope.Shape} do not fit the input {x.Shape}");
        return Combine(node, BinaryKind.PRelu, x, slope);
    }

    /// <summary>Pow with constant exponents.</summary>
    public static Tensor Pow(OnnxNode node)
    {
        Tensor x = node.Input(0);
        float[] exponents = node.Constant(1)?.Reals() ?? throw node.Invalid("the exponent is missing");
        if (x.IsConstant)
            return ConstantPower(node, x, exponents);
        if (exponents.Distinct().Count() > 1 || !Shapes.Broadcast(node, x.Shape, node.Input(1).Shape).Equals(x.Shape))
            return Combine(node, BinaryKind.Power, node.RealInput(0), node.NewConstant("exponent", node.Input(1).Shape, exponents));
        return exponents[0] switch
        {
            2 => Unary(node, UnaryKind.Square),
            1 => node.RealInput(0),
            0.5f => Unary(node, UnaryKind.Sqrt),
            -1 => Unary(node, UnaryKind.Reciprocal),
            var exponent => Unary(node, UnaryKind.Power, exponent),
        };
    }

    private static Tensor ConstantPower(OnnxNode node, Tensor x, float[] exponents)
    {
        Shape shape = Shapes.Broadcast(node, x.Shape, node.Input(1).Shape);
        var bases = (float[])ConstantData.Broadcast(x.Reals(), x.Shape, shape);
        var powers = (float[])ConstantData.Broadcast(exponents, node.Input(1).Shape, shape);
        double[] values = [.. bases.Zip(powers, (b, p) => Math.Pow(b, p))];
        Array data = x.Type == ElementType.Float32
            ? Array.ConvertAll(values, v => (float)v)
            : IntegerArithmetic.OfType(x.Type, Array.ConvertAll(values, v => (long)v));
        return node.NewConstant("power", x.Type, shape, data);
    }

    /// <summary>One operation on two tensors with NumPy broadcasting.</summary>
    public static Tensor Combine(OnnxNode node, BinaryKind kind, Tensor a, Tensor b, string role = "")
    {
        if (a.IsConstant && b.IsConstant)
            (a, b) = (node.RealView(a), node.RealView(b));
        if (TypeOf(a) != TypeOf(b))
            throw node.Invalid($"the operands have the types {a.Type.JsonName()} and {b.Type.JsonName()}");
        Shape shape = Shapes.Broadcast(node, a.Shape, b.Shape);
        return node.Emit(role, new Binary(kind), shape, SameRank(node, a, shape.Rank), SameRank(node, b, shape.Rank));
    }

    private static ElementType TypeOf(Tensor tensor) => tensor.Quantization is null ? tensor.Type : ElementType.Float32;

    private static Tensor SameRank(OnnxNode node, Tensor tensor, int rank)
    {
        var shape = new Shape([.. Enumerable.Repeat(1, rank - tensor.Shape.Rank), .. tensor.Shape]);
        if (tensor.Quantization is not { } quantization || tensor.Shape.Rank == rank)
            return node.Reshape("rank", tensor, shape);
        return node.NewConstant("rank", tensor, shape, tensor.Data!, quantization with { Axis = quantization.Axis + rank - tensor.Shape.Rank });
    }

    private static Tensor Unary(OnnxNode node, UnaryKind kind, float alpha = 0, float beta = 0)
    {
        Tensor x = node.Input(0);
        if (!x.IsConstant)
            node.RealInput(0);
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
        float[] values = node.RealConstant(input).Reals();
        return values.Length == 1 ? values[0] : throw node.Invalid($"a bound has {values.Length} values");
    }

    private static Shape Ones(int rank) => new([.. Enumerable.Repeat(1, rank)]);
}
