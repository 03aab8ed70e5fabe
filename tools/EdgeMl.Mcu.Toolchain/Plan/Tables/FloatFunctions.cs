using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>Unary operators on real numbers.</summary>
public static class FloatFunctions
{
    /// <summary>The operator's value at a point, in float32.</summary>
    public static float Evaluate(Unary op, float x) => op.Kind switch
    {
        UnaryKind.Relu => MathF.Max(x, 0),
        UnaryKind.Relu6 => MathF.Min(MathF.Max(x, 0), 6),
        UnaryKind.ReluN1To1 => MathF.Min(MathF.Max(x, -1), 1),
        UnaryKind.Clip => MathF.Min(MathF.Max(x, op.Alpha), op.Beta),
        UnaryKind.LeakyRelu => x >= 0 ? x : op.Alpha * x,
        UnaryKind.Elu => x >= 0 ? x : op.Alpha * (float)(Math.Exp(x) - 1),
        UnaryKind.HardSwish => x * MathF.Min(MathF.Max(x + 3, 0), 6) / 6,
        UnaryKind.HardSigmoid => MathF.Min(MathF.Max((op.Alpha * x) + op.Beta, 0), 1),
        UnaryKind.Logistic => 1 / (1 + MathF.Exp(-x)),
        UnaryKind.Tanh => MathF.Tanh(x),
        UnaryKind.Abs => MathF.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Exp => MathF.Exp(x),
        UnaryKind.Log => MathF.Log(x),
        UnaryKind.Sqrt => MathF.Sqrt(x),
        UnaryKind.Rsqrt => 1 / MathF.Sqrt(x),
        UnaryKind.Square => x * x,
        UnaryKind.Softplus => (float)(Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs((double)x)))),
        UnaryKind.Softsign => x / (1 + MathF.Abs(x)),
        UnaryKind.Erf => (float)ErrorFunction.Evaluate(x),
        UnaryKind.Gelu => (float)(0.5 * x * (1 + ErrorFunction.Evaluate(x / Math.Sqrt(2)))),
        UnaryKind.GeluTanh => (float)(0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
        UnaryKind.Mish => (float)(x * Math.Tanh(Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs((double)x))))),
        UnaryKind.Selu => x > 0 ? op.Beta * x : (float)(op.Beta * op.Alpha * double.ExpM1(x)),
        UnaryKind.Celu => x > 0 ? x : (float)(op.Alpha * double.ExpM1(x / (double)op.Alpha)),
        UnaryKind.ThresholdedRelu => x > op.Alpha ? x : 0,
        UnaryKind.Power => (float)Math.Pow(x, op.Alpha),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Sign => float.IsNaN(x) ? x : MathF.Sign(x),
        _ => throw new LoweringException($"{op.Name} has no float form"),
    };
}
