using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>One element in, one out.</summary>
internal static class UnaryKernels
{
    private delegate void UnaryKernel(Unary op, ReadOnlySpan<float> x, Span<float> y);

    /// <summary>Faster forms than element by element, and those whose float rounding is the reference's.</summary>
    private static readonly Dictionary<UnaryKind, UnaryKernel> ByKind = new()
    {
        [UnaryKind.Relu] = (_, x, y) => TensorPrimitives.Max(x, 0f, y),
        [UnaryKind.Relu6] = (_, x, y) => FusedActivation.Clamp(x, 0, 6, y),
        [UnaryKind.ReluN1To1] = (_, x, y) => FusedActivation.Clamp(x, -1, 1, y),
        [UnaryKind.Clip] = (op, x, y) => FusedActivation.Clamp(x, op.Alpha, op.Beta, y),
        [UnaryKind.LeakyRelu] = (op, x, y) => Map(x, y, v => v > 0 ? v : v * op.Alpha),
        [UnaryKind.Elu] = (op, x, y) => Map(x, y, v => v < 0 ? op.Alpha * (MathF.Exp(v) - 1) : v),
        [UnaryKind.HardSwish] = (_, x, y) => Map(x, y, v => v * Math.Clamp(v + 3, 0, 6) / 6),
        [UnaryKind.HardSigmoid] = (op, x, y) => Map(x, y, v => Math.Clamp(op.Alpha * v + op.Beta, 0, 1)),
        [UnaryKind.Logistic] = (_, x, y) => Map(x, y, v => 1 / (1 + MathF.Exp(-v))),
        [UnaryKind.Tanh] = (_, x, y) => TensorPrimitives.Tanh(x, y),
        [UnaryKind.Abs] = (_, x, y) => TensorPrimitives.Abs(x, y),
        [UnaryKind.Neg] = (_, x, y) => TensorPrimitives.Negate(x, y),
        [UnaryKind.Exp] = (_, x, y) => TensorPrimitives.Exp(x, y),
        [UnaryKind.Log] = (_, x, y) => TensorPrimitives.Log(x, y),
        [UnaryKind.Sqrt] = (_, x, y) => TensorPrimitives.Sqrt(x, y),
        [UnaryKind.Rsqrt] = (_, x, y) => Map(x, y, v => 1 / MathF.Sqrt(v)),
        [UnaryKind.Square] = (_, x, y) => TensorPrimitives.Multiply(x, x, y),
    };

    public static void Run(NodeCall call)
    {
        var op = call.Operator<Unary>();
        if (ByKind.TryGetValue(op.Kind, out UnaryKernel? kernel))
            kernel(op, call.Input, call.Output);
        else
            Scalar(op, call.Input, call.Output);
    }

    private static void Scalar(Unary op, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = FloatFunctions.Evaluate(op, x[i]);
    }

    private static void Map(ReadOnlySpan<float> x, Span<float> y, Func<float, float> function)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = function(x[i]);
    }
}
