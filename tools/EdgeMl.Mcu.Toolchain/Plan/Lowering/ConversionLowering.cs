using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Typed.Requantize;
using P = EdgeMl.Mcu.Runtime.Typed.Conversion;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Operators that turn each element into one of another type or quantisation.</summary>
internal static class ConversionLowering
{
    /// <summary>Quantize from integers to integers: <c>(x - zp_in) * s_in / s_out + zp_out</c>, the factor in float64.</summary>
    public static void Quantize(Node node, ProgramBuilder builder)
    {
        (int min, int max) = DeviceTypes.Limits(node.Output.Type);
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal((double)ProgramBuilder.Activation(node.Input).Scale / ProgramBuilder.Activation(node.Output).Scale);
        Requantize(node, factor, min, max, builder);
    }

    /// <summary>Relu of the reference: rescales by a float32 quotient, and nothing falls below the zero point.</summary>
    public static void Relu(Node node, ProgramBuilder builder)
    {
        Quantization output = ProgramBuilder.Activation(node.Output);
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal(ProgramBuilder.Activation(node.Input).Scale / output.Scale);
        Requantize(node, factor, output.ZeroPoint, DeviceTypes.Limits(node.Output.Type).Max, builder);
    }

    /// <summary>Relu6 of the reference: clamps raw values to <c>[zp, zp + 6 / s]</c> of the input and does not rescale.</summary>
    public static void Relu6(Node node, ProgramBuilder builder)
    {
        Quantization input = ProgramBuilder.Activation(node.Input);
        int limit = DeviceTypes.Limits(node.Output.Type).Max;
        int max = (int)Math.Min(input.ZeroPoint + Math.Round((double)(6 / input.Scale), MidpointRounding.AwayFromZero), limit);
        Requantize(node, QuantizedMultiplier.FromReal(1), input.ZeroPoint, max, builder, sameZeroPoint: true);
    }

    /// <summary>Cast between integer types.</summary>
    public static void Cast(Node node, ProgramBuilder builder) => Add(node, OpCode.Cast, new int[P.Count], [], builder);

    private static void Requantize(Node node, QuantizedMultiplier factor, int min, int max, ProgramBuilder builder, bool sameZeroPoint = false)
    {
        Quantization input = ProgramBuilder.Activation(node.Input);
        var parameters = new int[K.Count];
        parameters[K.InputZeroPoint] = input.ZeroPoint;
        parameters[K.OutputZeroPoint] = sameZeroPoint ? input.ZeroPoint : ProgramBuilder.Activation(node.Output).ZeroPoint;
        parameters[K.Multiplier] = factor.Multiplier;
        parameters[K.Shift] = factor.Shift;
        parameters[K.Min] = min;
        parameters[K.Max] = max;
        Add(node, OpCode.Requantize, parameters, [], builder);
    }

    /// <summary>Adds a layer of a kernel that has the parameters of a conversion.</summary>
    public static void Add(Node node, OpCode kernel, int[] parameters, byte[] weights, ProgramBuilder builder)
    {
        parameters[P.Length] = node.Output.Shape.ElementCount;
        parameters[P.InputType] = (int)node.Input.OnDevice();
        parameters[P.OutputType] = (int)node.Output.OnDevice();
        builder.Add(node, kernel, parameters, weights, inPlace: true);
    }
}
