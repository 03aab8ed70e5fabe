using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>The kernel of each operator with two inputs, and its arithmetic parameters. Whether a factor is computed in float32 or float64 is the TensorFlow Lite reference's choice.</summary>
internal static class BinaryParameters
{
    /// <summary>Kernel and parameters; offsets, dimensions and strides are left 0.</summary>
    /// <exception cref="LoweringException">The quantisations do not fit the kernel.</exception>
    public static (OpCode Kernel, int[] Parameters) For(Binary op, Quantization first, Quantization second, Quantization output)
    {
        (OpCode kernel, double[] factors) = op.Kind switch
        {
            BinaryKind.Add => (OpCode.Add, AddFactors(first, second, output, Add.LeftShift)),
            BinaryKind.Sub => (OpCode.Sub, SubFactors(first, second, output, Difference.LeftShift)),
            BinaryKind.SquaredDifference => (OpCode.SquaredDifference, SquaredDifferenceFactors(first, second, output, Difference.SquaredLeftShift)),
            BinaryKind.Mul => (OpCode.Mul, [(double)first.Scale * second.Scale / output.Scale]),
            BinaryKind.Div => (OpCode.Div, [first.Scale / (second.Scale * output.Scale)]),
            BinaryKind.PRelu => (OpCode.PRelu, [(double)first.Scale / output.Scale, (double)first.Scale * second.Scale / output.Scale]),
            BinaryKind.Maximum => (OpCode.Maximum, []),
            BinaryKind.Minimum => (OpCode.Minimum, []),
            _ => throw new LoweringException("there is no kernel for it"),
        };
        var parameters = new int[Runtime.KernelTable.Find((int)kernel).ParameterCount];
        (parameters[BinaryKernel.ActivationMin], parameters[BinaryKernel.ActivationMax]) = ActivationRange.Of(op.Activation, output);
        if (factors.Length == 0)
            return (kernel, parameters);
        parameters[QuantizedBinary.ZeroPoint1] = first.ZeroPoint;
        parameters[QuantizedBinary.ZeroPoint2] = second.ZeroPoint;
        parameters[QuantizedBinary.OutputZeroPoint] = output.ZeroPoint;
        for (int i = 0; i < factors.Length; i++)
        {
            QuantizedMultiplier multiplier = QuantizedMultiplier.FromReal(factors[i]);
            if (op.Kind == BinaryKind.Div && multiplier.Shift > Div.GreatestShift)
                throw new LoweringException($"its rescaling factor {factors[i]} is out of range");
            parameters[QuantizedBinary.FirstMultiplier + (2 * i)] = multiplier.Multiplier;
            parameters[QuantizedBinary.FirstMultiplier + (2 * i) + 1] = multiplier.Shift;
        }
        return (kernel, parameters);
    }

    /// <summary>Factors of both inputs and of their sum, for inputs that are shifted left before.</summary>
    internal static double[] AddFactors(Quantization first, Quantization second, Quantization output, int leftShift)
    {
        double twiceMax = 2.0 * Math.Max(first.Scale, second.Scale);
        return [first.Scale / twiceMax, second.Scale / twiceMax, twiceMax / ((1 << leftShift) * (double)output.Scale)];
    }

    /// <summary>Factors of both inputs and of their difference, in float32.</summary>
    internal static double[] SubFactors(Quantization first, Quantization second, Quantization output, int leftShift)
    {
        float twiceMax = 2 * Math.Max(first.Scale, second.Scale);
        return [first.Scale / twiceMax, second.Scale / twiceMax, twiceMax / ((1 << leftShift) * output.Scale)];
    }

    /// <summary>Factors of both inputs and of their squared difference.</summary>
    internal static double[] SquaredDifferenceFactors(Quantization first, Quantization second, Quantization output, int leftShift)
    {
        double twiceMax = 2.0 * Math.Max(first.Scale, second.Scale);
        return [first.Scale / twiceMax, second.Scale / twiceMax, twiceMax * twiceMax / ((1 << (2 * leftShift)) * output.Scale)];
    }
}
