using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A closed interval of real values.</summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end; not below the lower one.</param>
public readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>Steps between the lowest and the highest int8 value.</summary>
    private const double Int8Steps = 255;

    /// <summary>
    /// Scales stay in [2^-60, 2^60]: products of two of them, and their quotients, are then normal float32 numbers.
    /// </summary>
    private const double SmallestScale = 1.0 / (1L << 60);

    private const double LargestScale = 1L << 60;

    /// <summary>Whether both ends are finite.</summary>
    public bool IsFinite => float.IsFinite(Min) && float.IsFinite(Max);

    /// <summary>The smallest range with both.</summary>
    public ValueRange Union(ValueRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    /// <summary>The part inside bounds; the nearer bound alone if nothing is inside.</summary>
    public ValueRange Clamp(float low, float high) => new(Math.Clamp(Min, low, high), Math.Clamp(Max, low, high));

    /// <summary>The range of a set of values; NaN if one of them is NaN.</summary>
    public static ValueRange Of(ReadOnlySpan<float> values) =>
        new(TensorPrimitives.Min(values), TensorPrimitives.Max(values));

    /// <summary>
    /// Asymmetric int8 quantisation of the range widened to hold 0, which is exact: <c>scale = (max - min) / 255</c>,
    /// <c>zeroPoint = round(-128 - min / scale)</c>. Every value of the range has an error of at most half a scale.
    /// A range of 0 alone gets the scale 1/255.
    /// </summary>
    /// <param name="minScale">A larger scale is used if this asks for one; the zero point stays where it would be.</param>
    public Quantization ToInt8(double minScale = 0)
    {
        double min = Math.Min(0, (double)Min), max = Math.Max(0, (double)Max);
        if (min == max)
            max = 1;
        double ownScale = (max - min) / Int8Steps;
        double zeroPoint = Math.Round(sbyte.MinValue - min / ownScale, MidpointRounding.AwayFromZero);
        double scale = Math.Clamp(Math.Max(ownScale, minScale), SmallestScale, LargestScale);
        return new Quantization((float)scale, (int)Math.Clamp(zeroPoint, sbyte.MinValue, sbyte.MaxValue));
    }
}
