using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Samples for one input or output of a model: in the port's own element type and in the source model's layout, one after another.</summary>
public sealed class SampleSet
{
    /// <summary>Creates a set.</summary>
    /// <param name="port">The input or output.</param>
    /// <param name="values">Array of the port's element type; its length is a multiple of the port's element count.</param>
    public SampleSet(GraphPort port, Array values)
    {
        Port = port;
        Values = values;
        Count = values.Length / ElementsPerSample;
        if (Count * ElementsPerSample != values.Length)
            throw new ArgumentException($"{values.Length} elements are no whole samples of {port.SourceShape}.", nameof(values));
    }

    /// <summary>The input or output.</summary>
    public GraphPort Port { get; }

    /// <summary>All elements.</summary>
    public Array Values { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Elements of a sample.</summary>
    public int ElementsPerSample => Port.SourceShape.ElementCount;

    /// <summary>A set whose elements are all zero, to be filled sample by sample.</summary>
    public static SampleSet Zeros(GraphPort port, int count) => new(port, NewArray(port.Tensor.Type, checked(count * port.SourceShape.ElementCount)));

    /// <summary>The elements of one sample in a new array of the port's type.</summary>
    public Array Sample(int index)
    {
        Array sample = NewArray(Port.Tensor.Type, ElementsPerSample);
        Array.Copy(Values, index * ElementsPerSample, sample, 0, sample.Length);
        return sample;
    }

    /// <summary>Copies the elements of one sample into the set.</summary>
    /// <param name="index">Index of the sample.</param>
    /// <param name="sample">As many elements of the port's type as a sample has.</param>
    public void SetSample(int index, Array sample)
    {
        if (sample.Length != ElementsPerSample)
            throw new ArgumentException($"{sample.Length} elements are no sample of {Port.SourceShape}.", nameof(sample));
        Array.Copy(sample, 0, Values, index * ElementsPerSample, sample.Length);
    }

    /// <summary>All elements as real numbers, dequantised where the port is quantised.</summary>
    public float[] Reals() => SampleValues.ToReals(Port.Tensor, Values);

    /// <summary>A new array of an element type.</summary>
    public static Array NewArray(ElementType type, int length) => type switch
    {
        ElementType.Float32 => new float[length],
        ElementType.Int8 => new sbyte[length],
        ElementType.UInt8 => new byte[length],
        ElementType.Int16 => new short[length],
        ElementType.Int32 => new int[length],
        ElementType.Int64 => new long[length],
        _ => new bool[length],
    };
}
