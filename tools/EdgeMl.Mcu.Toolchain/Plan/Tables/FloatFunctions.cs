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
        _ => throw new LoweringException($"{op.Name} has no float form"),
    };
}
