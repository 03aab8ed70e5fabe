using EdgeMl.Mcu.Runtime.Arithmetic;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Bounds of the outputs of a linear layer, from bounds of its inputs.</summary>
/// <remarks>
/// Sound because every step is exact or monotone. The sums of least and of greatest products, in int64, bound the accumulator for each set of taps that lie in
/// the input. Where they fit int32 the device's accumulator does not wrap (its sums are modulo 2^32, so that only the total counts), and the requantisation
/// <see cref="FixedPoint.MultiplyByQuantizedMultiplier"/> with a non-negative multiplier does not decrease: a left shift that does not overflow, a product with
/// the multiplier, an addition, an arithmetic right shift; after it, for a right shift by n, <c>h + 2^(n-1) + (h &lt; 0 ? -1 : 0)</c>, which does not decrease
/// from h to h + 1 either, and another right shift. The clamp is monotone too. Where something may wrap, the layer's activation range is all that is known.
/// </remarks>
internal static class AccumulatorBounds
{
    /// <summary>Bounds of each output channel.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">Bounds of each channel of its input.</param>
    public static ValueInterval[] Of(Int8Layer layer, ValueInterval[] inputs)
    {
        var outputs = new ValueInterval[layer.Outputs];
        for (int output = 0; output < outputs.Length; output++)
        {
            (long low, long high) = Accumulator(layer, inputs, output);
            int? least = Requantize(layer, output, low);
            int? greatest = Requantize(layer, output, high);
            outputs[output] = least is { } a && greatest is { } b ? new(a, b) : new(layer.Range.Min, layer.Range.Max);
        }
        return outputs;
    }

    private static (long Low, long High) Accumulator(Int8Layer layer, ValueInterval[] inputs, int output)
    {
        int height = layer.KernelHeight;
        int width = layer.KernelWidth;
        var low = new long[height + 1, width + 1];
        var high = new long[height + 1, width + 1];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (long tapLow, long tapHigh) = Tap(layer, inputs, output, (y * width) + x);
                low[y + 1, x + 1] = tapLow + low[y, x + 1] + low[y + 1, x] - low[y, x];
                high[y + 1, x + 1] = tapHigh + high[y, x + 1] + high[y + 1, x] - high[y, x];
            }
        }
        long least = long.MaxValue;
        long greatest = long.MinValue;
        foreach ((int firstY, int endY) in layer.Taps.Rows)
        {
            foreach ((int firstX, int endX) in layer.Taps.Columns)
            {
                least = Math.Min(least, Sum(low, firstY, endY, firstX, endX));
                greatest = Math.Max(greatest, Sum(high, firstY, endY, firstX, endX));
            }
        }
        return (least + layer.Bias(output), greatest + layer.Bias(output));
    }

    private static (long Low, long High) Tap(Int8Layer layer, ValueInterval[] inputs, int output, int tap)
    {
        long low = 0;
        long high = 0;
        for (int i = 0; i < layer.FilterInputs; i++)
        {
            ValueInterval input = inputs[layer.InputChannel(output, i)];
            long weight = layer.Weight(output, tap, i);
            long a = weight * (input.Low - layer.InputZeroPoint);
            long b = weight * (input.High - layer.InputZeroPoint);
            low += Math.Min(a, b);
            high += Math.Max(a, b);
        }
        return (low, high);
    }

    // The tables hold sums over all taps above and left of an index.
    private static long Sum(long[,] table, int firstY, int endY, int firstX, int endX) =>
        table[endY, endX] - table[firstY, endX] - table[endY, firstX] + table[firstY, firstX];

    /// <summary>The output for an accumulator, or null where int32 does not hold it or a step after it.</summary>
    private static int? Requantize(Int8Layer layer, int output, long accumulator)
    {
        QuantizedMultiplier factor = layer.Multipliers[output];
        long shifted = accumulator * (1L << Math.Max(factor.Shift, 0));
        if (accumulator != (int)accumulator || shifted != (int)shifted)
            return null;
        long value = (long)factor.Apply((int)accumulator) + layer.OutputZeroPoint;
        return value == (int)value ? Math.Clamp((int)value, layer.Range.Min, layer.Range.Max) : null;
    }
}
