using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using BinaryKernel = EdgeMl.Mcu.Runtime.Kernels.Typed.BinaryInt16;
using SigmoidKernel = EdgeMl.Mcu.Runtime.Kernels.Typed.SigmoidInt16;
using SlopesKernel = EdgeMl.Mcu.Runtime.Kernels.Typed.SlopesInt16;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators on int16 activations, element by element.</summary>
internal static class Int16ElementwiseLowering
{
    private const int AddShift = 15;

    /// <summary>Arithmetic with two inputs. Scaling is that of int8, with 15 instead of 20 more bits for sums and none for squared differences.</summary>
    public static void Binary(Node node, Binary op, ProgramBuilder builder)
    {
        Int16LinearLowering.RequireInt16(node);
        float first = ProgramBuilder.Activation(node.Input).Scale;
        Tensor right = node.Inputs[1]!;
        Quantization second = ProgramBuilder.Activation(right);
        float output = ProgramBuilder.Activation(node.Output).Scale;
        double twiceMax = 2.0 * Math.Max(first, second.Scale);
        (int kind, int shift, double[] factors) = op.Kind switch
        {
            BinaryKind.Add => (BinaryKernel.Add, AddShift, new[] { first / twiceMax, second.Scale / twiceMax, twiceMax / ((1 << AddShift) * (double)output) }),
            BinaryKind.Sub => (BinaryKernel.Sub, AddShift, SubFactors(first, second.Scale, output)),
            BinaryKind.Mul => (BinaryKernel.Mul, 0, [0, 0, (double)first * second.Scale / output]),
            _ => throw new LoweringException("there is no kernel for int16"),
        };
        if (right.Type != ElementType.Int16 || second.ZeroPoint != 0)
            throw new LoweringException($"'{right.Name}' is {right.Type.JsonName()} with the zero point {second.ZeroPoint}");
        var parameters = new int[new BinaryKernel().ParameterCount];
        parameters[BinaryKernel.Kind] = kind;
        parameters[BinaryKernel.LeftShift] = shift;
        for (int i = 0; i < factors.Length; i++)
            SetFactor(parameters, BinaryKernel.Factors + (2 * i), factors[i]);
        (parameters[BinaryKernel.ActivationMin], parameters[BinaryKernel.ActivationMax]) = ActivationRange.Of(op.Activation, node.Output);
        BroadcastPlan.Add(node, OpCode.BinaryInt16, parameters, builder);
    }

    /// <summary>LeakyRelu and Abs; factors are float32 quotients.</summary>
    public static void Slopes(Node node, Unary op, ProgramBuilder builder)
    {
        Int16LinearLowering.RequireInt16(node);
        float input = ProgramBuilder.Activation(node.Input).Scale;
        float output = ProgramBuilder.Activation(node.Output).Scale;
        float slope = op.Kind == UnaryKind.Abs ? input / output : input * op.Alpha / output;
        var parameters = new int[SlopesKernel.Count];
        SetFactor(parameters, SlopesKernel.Positive, input / output);
        SetFactor(parameters, SlopesKernel.Negative, Math.Abs(slope));
        parameters[SlopesKernel.Negation] = op.Kind == UnaryKind.Abs ? 1 : slope < 0 ? 2 : 0;
        ConversionLowering.Add(node, OpCode.SlopesInt16, parameters, [], builder);
    }

    /// <summary>
    /// Logistic and Tanh. The table has 24 entries a unit and is read in steps of 1 / 12288: an input scale of 2^-12 (and 2^-11 for Tanh) is multiplied by 3, others by a
    /// truncated integer over a power of two.
    /// </summary>
    public static void Sigmoid(Node node, Unary op, ProgramBuilder builder)
    {
        Int16LinearLowering.RequireInt16(node);
        if (Math.Abs(Math.Log2(ProgramBuilder.Activation(node.Output).Scale) + 15) > 1e-3)
            throw new LoweringException($"its output has the scale {ProgramBuilder.Activation(node.Output).Scale} instead of 2^-15");
        bool hyperbolic = op.Kind == UnaryKind.Tanh;
        float scale = ProgramBuilder.Activation(node.Input).Scale;
        (int multiplier, int shift) = SigmoidTable.Scaling(scale, hyperbolic ? 1 : 0);
        var parameters = new int[SigmoidKernel.Count];
        parameters[SigmoidKernel.Multiplier] = multiplier;
        parameters[SigmoidKernel.Shift] = shift;
        parameters[SigmoidKernel.Hyperbolic] = hyperbolic ? 1 : 0;
        ConversionLowering.Add(node, OpCode.SigmoidInt16, parameters, SigmoidTable.Build(), builder);
    }

    /// <summary>The reference computes the factors of Sub in float32.</summary>
    private static double[] SubFactors(float first, float second, float output)
    {
        float twiceMax = 2 * Math.Max(first, second);
        return [first / twiceMax, second / twiceMax, twiceMax / ((1 << AddShift) * output)];
    }

    private static void SetFactor(int[] parameters, int index, double factor)
    {
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factor);
        parameters[index] = multiplier.Multiplier;
        parameters[index + 1] = multiplier.Shift;
    }
}
