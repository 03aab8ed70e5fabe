using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using BinaryKernel = EdgeMl.Mcu.Runtime.Typed.BinaryInt16;
using SigmoidKernel = EdgeMl.Mcu.Runtime.Typed.SigmoidInt16;
using SlopesKernel = EdgeMl.Mcu.Runtime.Typed.SlopesInt16;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators on int16 activations, element by element.</summary>
internal static class Int16ElementwiseLowering
{
    private const int AddShift = 15;

    /// <summary>Arithmetic with two inputs. Scaling is that of int8, with 15 instead of 20 more bits for sums and none for squared differences.</summary>
    public static void Binary(Node node, Binary op, ProgramBuilder builder)
    {
        Int16LinearLowering.RequireInt16(node);
        Tensor right = node.Inputs[1]!;
        Quantization first = ProgramBuilder.Activation(node.Input);
        Quantization second = ProgramBuilder.Activation(right);
        Quantization output = ProgramBuilder.Activation(node.Output);
        (int kind, int shift, double[] factors) = op.Kind switch
        {
            BinaryKind.Add => (BinaryKernel.Add, AddShift, BinaryParameters.AddFactors(first, second, output, AddShift)),
            BinaryKind.Sub => (BinaryKernel.Sub, AddShift, BinaryParameters.SubFactors(first, second, output, AddShift)),
            BinaryKind.Mul => (BinaryKernel.Mul, 0, [0, 0, (double)first.Scale * second.Scale / output.Scale]),
            BinaryKind.SquaredDifference => (BinaryKernel.SquaredDifference, 0, BinaryParameters.SquaredDifferenceFactors(first, second, output, 0)),
            BinaryKind.PRelu => (BinaryKernel.PRelu, 0, [(double)first.Scale / output.Scale, (double)first.Scale * second.Scale / output.Scale]),
            _ => throw new LoweringException("there is no kernel for int16"),
        };
        ElementType rightType = op.Kind == BinaryKind.PRelu ? ElementType.Int8 : ElementType.Int16;
        if (right.Type != rightType || (right.Type == ElementType.Int16 && second.ZeroPoint != 0))
            throw new LoweringException($"'{right.Name}' is {right.Type.JsonName()} with the zero point {second.ZeroPoint}");
        var parameters = new int[new BinaryKernel().ParameterCount];
        parameters[BinaryKernel.Kind] = kind;
        parameters[BinaryKernel.LeftShift] = shift;
        parameters[BinaryKernel.SlopeZeroPoint] = second.ZeroPoint;
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

    private static void SetFactor(int[] parameters, int index, double factor)
    {
        QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factor);
        parameters[index] = multiplier.Multiplier;
        parameters[index + 1] = multiplier.Shift;
    }
}
