using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Toolchain.Graph;
using static EdgeMl.Mcu.Runtime.Arithmetic.FixedPoint;

namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>
/// All 256 results of a function of one int8 value, at index <c>x + 128</c>. Functions that the TensorFlow Lite reference computes in fixed point
/// are computed so here; the others are computed in real arithmetic and rounded.
/// </summary>
public static class UnaryTable
{
    /// <summary>Table of an operator.</summary>
    /// <exception cref="LoweringException">The operator's quantisation does not fit it.</exception>
    public static sbyte[] Build(Unary op, Quantization input, Quantization output) => op.Kind switch
    {
        UnaryKind.Logistic => Logistic(input),
        UnaryKind.Tanh => Tanh(input),
        UnaryKind.Relu => Relu(input, output),
        UnaryKind.Relu6 => Relu6(input),
        UnaryKind.LeakyRelu => LeakyRelu(input, output, op.Alpha),
        UnaryKind.HardSwish => HardSwishTable.Build(input, output),
        UnaryKind.Abs => Abs(input, output),
        UnaryKind.Rsqrt => Rsqrt(input, output),
        _ => OfReal(input, output, x => FloatFunctions.Evaluate(op, x)),
    };

    /// <summary>From one quantisation to another: <c>(x - zp_in) * s_in / s_out + zp_out</c>, the factor in float64.</summary>
    public static sbyte[] Requantize(Quantization input, Quantization output)
    {
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal((double)input.Scale / output.Scale);
        return Fill(x => factor.Apply(x - input.ZeroPoint) + output.ZeroPoint);
    }

    private static sbyte[] Logistic(Quantization input)
    {
        (QuantizedMultiplier factor, int radius) = ToQ4(input);
        return Fill(x =>
        {
            int centred = x - input.ZeroPoint;
            if (centred <= -radius)
                return -128;
            if (centred >= radius)
                return 127;
            return RoundingDivideByPowerOfTwo(FixedPointFunctions.Logistic(factor.Apply(centred)), 23) - 128;
        });
    }

    private static sbyte[] Tanh(Quantization input)
    {
        (QuantizedMultiplier factor, int radius) = ToQ4(input);
        return Fill(x =>
        {
            int centred = x - input.ZeroPoint;
            if (centred <= -radius)
                return -128;
            if (centred >= radius)
                return 127;
            return RoundingDivideByPowerOfTwo(FixedPointFunctions.Tanh(factor.Apply(centred)), 24);
        });
    }

    private static (QuantizedMultiplier Factor, int Radius) ToQ4(Quantization input)
    {
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal((double)input.Scale * (1 << 27));
        return (factor, SoftmaxScaling.InputRadius(4, factor.Shift));
    }

    private static sbyte[] Relu(Quantization input, Quantization output)
    {
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal(input.Scale / output.Scale);
        return Fill(x => Math.Max(factor.Apply(x - input.ZeroPoint) + output.ZeroPoint, output.ZeroPoint));
    }

    /// <summary>Clamps raw values to <c>[zp, zp + 6 / s]</c> of the input: the reference does not rescale.</summary>
    private static sbyte[] Relu6(Quantization input)
    {
        double max = input.ZeroPoint + Math.Round((double)(6 / input.Scale), MidpointRounding.AwayFromZero);
        return Fill(x => (int)Math.Min(Math.Max(x, input.ZeroPoint), max));
    }

    private static sbyte[] LeakyRelu(Quantization input, Quantization output, float alpha)
    {
        QuantizedMultiplier identity = QuantizedMultiplier.FromReal(input.Scale / output.Scale);
        float slope = input.Scale * alpha / output.Scale;
        QuantizedMultiplier negative = QuantizedMultiplier.FromReal(Math.Abs(slope));
        return Fill(x =>
        {
            int centred = x - input.ZeroPoint;
            int scaled = centred >= 0 ? identity.Apply(centred) : slope < 0 ? -negative.Apply(centred) : negative.Apply(centred);
            return scaled + output.ZeroPoint;
        });
    }

    private static sbyte[] Abs(Quantization input, Quantization output)
    {
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal(input.Scale / output.Scale);
        return Fill(x =>
        {
            int magnitude = Math.Abs(x - input.ZeroPoint);
            return (input.SameAs(output) ? magnitude : factor.Apply(magnitude)) + output.ZeroPoint;
        });
    }

    /// <summary>1 / sqrt with 20 fractional bits, then rescaled. The largest output for 0, and below it, where the reference fails.</summary>
    private static sbyte[] Rsqrt(Quantization input, Quantization output)
    {
        const int FractionalBits = 20;
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal(1.0 / (MathF.Sqrt(input.Scale) * output.Scale));
        var toOutput = new QuantizedMultiplier(factor.Multiplier, factor.Shift - FractionalBits);
        if (toOutput.Shift < -31)
            throw new LoweringException($"its output scale {output.Scale} is too large for the input scale {input.Scale}");
        return Fill(x =>
        {
            int centred = x - input.ZeroPoint;
            if (centred <= 0)
                return 127;
            var root = new QuantizedMultiplier(InverseSquareRoot.Multiplier(centred), InverseSquareRoot.Shift(centred) + FractionalBits);
            return toOutput.Apply(root.Apply(1)) + output.ZeroPoint;
        });
    }

    /// <summary>float32 function, times the reciprocal of the scale, half away from zero; NaN counts as 0.</summary>
    private static sbyte[] OfReal(Quantization input, Quantization output, Func<float, float> function)
    {
        float inverse = 1 / output.Scale;
        return Fill(x =>
        {
            float value = function(input.Scale * (x - input.ZeroPoint)) * inverse;
            return float.IsNaN(value) ? output.ZeroPoint : (int)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero) + output.ZeroPoint, -128f, 127f);
        });
    }

    private static sbyte[] Fill(Func<int, int> function)
    {
        var table = new sbyte[256];
        for (int x = -128; x <= 127; x++)
            table[x + 128] = (sbyte)Math.Clamp(function(x), -128, 127);
        return table;
    }
}
