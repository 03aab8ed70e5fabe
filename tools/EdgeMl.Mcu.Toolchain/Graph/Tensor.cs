namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>A value of the graph: an activation, or a constant where <see cref="Data"/> is set. Row-major.</summary>
public sealed class Tensor
{
    /// <summary>Creates an activation, or a constant if <paramref name="data"/> is given.</summary>
    /// <param name="name">Name in the source model; unique in the graph.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Shape; images are NHWC.</param>
    /// <param name="quantization">Required for quantised types that reach the device.</param>
    /// <param name="data">Array of the element type (<c>float[]</c>, <c>sbyte[]</c>, <c>byte[]</c>, <c>short[]</c>, <c>int[]</c>, <c>long[]</c>, <c>bool[]</c>) with one entry an element.</param>
    public Tensor(string name, ElementType type, Shape shape, Quantization? quantization = null, Array? data = null)
    {
        if (data is not null && data.Length != shape.ElementCount)
            throw new ArgumentException($"Constant '{name}' has {data.Length} elements for the shape {shape}.", nameof(data));
        Name = name;
        Type = type;
        Shape = shape;
        Quantization = quantization;
        Data = data;
    }

    /// <summary>Name in the source model.</summary>
    public string Name { get; set; }

    /// <summary>Element type.</summary>
    public ElementType Type { get; set; }

    /// <summary>Dimensions.</summary>
    public Shape Shape { get; set; }

    /// <summary>How integers map to reals; null for float tensors.</summary>
    public Quantization? Quantization { get; set; }

    /// <summary>Elements of a constant; null for activations.</summary>
    public Array? Data { get; set; }

    /// <summary>Whether the value is known before the model runs.</summary>
    public bool IsConstant => Data is not null;

    /// <summary>Bytes of the tensor in its own type.</summary>
    public int ByteCount => Shape.ElementCount * Type.Size();

    /// <summary>A float constant.</summary>
    public static Tensor Constant(string name, Shape shape, float[] data) => new(name, ElementType.Float32, shape, null, data);

    /// <summary>Elements of a constant as integers; fails for activations and float constants.</summary>
    public long[] Integers() => Data switch
    {
        // The runtime lets a byte[] pass for an sbyte[].
        sbyte[] d when d.GetType() == typeof(sbyte[]) => Array.ConvertAll(d, v => (long)v),
        byte[] d => Array.ConvertAll(d, v => (long)v),
        short[] d => Array.ConvertAll(d, v => (long)v),
        int[] d => Array.ConvertAll(d, v => (long)v),
        long[] d => d,
        bool[] d => Array.ConvertAll(d, v => v ? 1L : 0L),
        _ => throw new InvalidOperationException($"'{Name}' is no integer constant."),
    };

    /// <summary>Elements of a constant as reals, dequantised where the tensor has a quantisation; fails for activations.</summary>
    public float[] Reals()
    {
        if (Data is float[] floats)
            return floats;
        long[] integers = Integers();
        var reals = new float[integers.Length];
        int inner = Quantization is { IsPerChannel: true } ? Shape.Strides()[Quantization.Axis] : 1;
        for (int i = 0; i < reals.Length; i++)
        {
            int slice = Quantization is { IsPerChannel: true } ? i / inner % Quantization.Scales.Length : 0;
            reals[i] = Quantization is null ? integers[i] : (integers[i] - Quantization.ZeroPoints[slice]) * Quantization.Scales[slice];
        }
        return reals;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.JsonName()} {Shape}";
}
