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
    /// <summary>The elements as single-precision numbers, in a new array; booleans are 0 and 1.</summary>
    public float[] ToSingles() => Values is float[] singles ? (float[])singles.Clone() : Array.ConvertAll(ToDoubles(), v => (float)v);

    /// <summary>The elements as double-precision numbers, in a new array; int64 beyond 2^53 is rounded.</summary>
    public double[] ToDoubles()
    {
        // By the exact type: the runtime lets a byte[] pass for an sbyte[] and a ushort[] for a short[].
        Type type = Values.GetType();
        return type == typeof(double[]) ? (double[])Values.Clone()
            : type == typeof(float[]) ? Array.ConvertAll((float[])Values, v => (double)v)
            : type == typeof(Half[]) ? Array.ConvertAll((Half[])Values, v => (double)v)
            : type == typeof(sbyte[]) ? Array.ConvertAll((sbyte[])Values, v => (double)v)
            : type == typeof(byte[]) ? Array.ConvertAll((byte[])Values, v => (double)v)
            : type == typeof(short[]) ? Array.ConvertAll((short[])Values, v => (double)v)
            : type == typeof(ushort[]) ? Array.ConvertAll((ushort[])Values, v => (double)v)
            : type == typeof(int[]) ? Array.ConvertAll((int[])Values, v => (double)v)
            : type == typeof(long[]) ? Array.ConvertAll((long[])Values, v => (double)v)
            : type == typeof(bool[]) ? Array.ConvertAll((bool[])Values, v => v ? 1.0 : 0.0)
            : throw new InvalidOperationException($"{type} is no array of numbers.");
    }
}
