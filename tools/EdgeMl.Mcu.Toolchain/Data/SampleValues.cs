using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Converts between real numbers and the element type of an input or output.</summary>
public static class SampleValues
{
    /// <summary>
    /// Elements of the tensor's type for real numbers; quantised as the Quantize operator does (<see cref="QuantizedValues.Nearest"/>).
    /// </summary>
    /// <exception cref="ToolchainException"><c>data.not-a-number</c> where NaN has no integer.</exception>
    public static Array FromReals(Tensor tensor, NumericArray values, string name)
    {
        if (tensor.Type == ElementType.Float32)
            return values.ToSingles();
        if (tensor.Quantization is not { } quantization)
            return FromIntegers(tensor, values, name);
        (int Min, int Max) limits = QuantizedValues.Limits(tensor.Type);
        float[] reals = values.ToSingles();
        var quantized = new long[reals.Length];
        for (int i = 0; i < reals.Length; i++)
        {
            if (float.IsNaN(reals[i]))
                throw new ToolchainException(ErrorCodes.NotANumber, $"Element {i} of '{name}' is NaN, which '{tensor.Name}' ({tensor.Type.JsonName()}) cannot hold.");
            quantized[i] = (long)QuantizedValues.Nearest(reals[i], quantization.Scale, quantization.ZeroPoint, limits);
        }
        return Narrow(tensor.Type, quantized);
    }

    /// <summary>Elements of the tensor's type for numbers that are taken as they are.</summary>
    /// <exception cref="ToolchainException"><c>data.out-of-range</c> for a fraction or a number that the type cannot hold.</exception>
    public static Array FromIntegers(Tensor tensor, NumericArray values, string name)
    {
        if (tensor.Type == ElementType.Float32)
            return values.ToSingles();
        if (tensor.Type == ElementType.Int64 && values.Values is long[] exact)
            return exact.Clone() as long[] ?? [];
        (long min, long max) = Range(tensor.Type);
        double[] numbers = values.ToDoubles();
        var integers = new long[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!(numbers[i] >= min && numbers[i] <= max) || numbers[i] != Math.Floor(numbers[i]))
            {
                throw new ToolchainException(ErrorCodes.OutOfRange,
                    $"Element {i} of '{name}' is {numbers[i]}, and '{tensor.Name}' takes whole numbers from {min} to {max} ({tensor.Type.JsonName()}).",
                    tensor.Quantization is null ? null : "Without --raw, real numbers are quantised with the model's scale and zero point.");
            }
            integers[i] = (long)numbers[i];
        }
        return Narrow(tensor.Type, integers);
    }

    /// <summary>Elements of a tensor as real numbers, in a new array; dequantised <c>(q - zeroPoint) * scale</c> in float32 where it is quantised.</summary>
    public static float[] ToReals(Tensor tensor, Array elements)
    {
        float[] reals = new NumericArray(new Shape(elements.Length), elements).ToSingles();
        if (tensor.Type != ElementType.Float32 && tensor.Quantization is { } quantization)
        {
            for (int i = 0; i < reals.Length; i++)
                reals[i] = (reals[i] - quantization.ZeroPoint) * quantization.Scale;
        }
        return reals;
    }

    // The upper limit of int64 is the largest that double precision holds.
    private static (long Min, long Max) Range(ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        ElementType.Bool => (0, 1),
        _ => (-(1L << 53), 1L << 53),
    };

    private static Array Narrow(ElementType type, long[] values) => type switch
    {
        ElementType.Int8 => Array.ConvertAll(values, v => (sbyte)v),
        ElementType.UInt8 => Array.ConvertAll(values, v => (byte)v),
        ElementType.Int16 => Array.ConvertAll(values, v => (short)v),
        ElementType.Int32 => Array.ConvertAll(values, v => (int)v),
        ElementType.Bool => Array.ConvertAll(values, v => v != 0),
        _ => values,
    };
}
