using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Numbers with a shape, as a data file holds them. Row-major.</summary>
/// <param name="Shape">Dimensions; a dimension may be 0.</param>
/// <param name="Values">
/// One entry an element: <c>Half[]</c>, <c>float[]</c>, <c>double[]</c>, <c>sbyte[]</c>, <c>byte[]</c>, <c>short[]</c>, <c>ushort[]</c>, <c>int[]</c>,
/// <c>long[]</c> or <c>bool[]</c>.
/// </param>
public sealed record NumericArray(Shape Shape, Array Values)
{
    /// <summary>Whether the elements are whole numbers by their type.</summary>
    public bool IsInteger => Values is sbyte[] or byte[] or short[] or ushort[] or int[] or long[] or bool[];

    /// <summary>The elements as single-precision numbers, in a new array; booleans are 0 and 1.</summary>
    public float[] ToSingles() => Values switch
    {
        float[] d => (float[])d.Clone(),
        Half[] d => Array.ConvertAll(d, v => (float)v),
        double[] d => Array.ConvertAll(d, v => (float)v),
        _ => Array.ConvertAll(ToDoubles(), v => (float)v),
    };

    /// <summary>The elements as double-precision numbers, in a new array; int64 beyond 2^53 is rounded.</summary>
    public double[] ToDoubles() => Values switch
    {
        double[] d => (double[])d.Clone(),
        float[] d => Array.ConvertAll(d, v => (double)v),
        Half[] d => Array.ConvertAll(d, v => (double)v),
        sbyte[] d => Array.ConvertAll(d, v => (double)v),
        byte[] d => Array.ConvertAll(d, v => (double)v),
        short[] d => Array.ConvertAll(d, v => (double)v),
        ushort[] d => Array.ConvertAll(d, v => (double)v),
        int[] d => Array.ConvertAll(d, v => (double)v),
        long[] d => Array.ConvertAll(d, v => (double)v),
        bool[] d => Array.ConvertAll(d, v => v ? 1.0 : 0.0),
        _ => throw new InvalidOperationException($"{Values.GetType()} is no array of numbers."),
    };
}
