using System;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime;

/// <summary>Gives a layer's parameters to <see cref="Kernel.Validate"/> and remembers whether a check failed.</summary>
public sealed class LayerReader
{
    private readonly byte[] _data;
    private readonly int _arenaBytes;
    private readonly int _lanes;
    private readonly int _stripBytes;
    private readonly WeightMemory _weights;
    private int _parameters;
    private int _weightsOffset;
    private int _weightsLength;

    /// <summary>Creates a reader for the layers of one file.</summary>
    internal LayerReader(byte[] data, int arenaBytes, int lanes, int stripBytes, WeightMemory weights)
    {
        _data = data;
        _arenaBytes = arenaBytes;
        _lanes = lanes;
        _stripBytes = stripBytes;
        _weights = weights;
    }

    /// <summary>Whether a check of the present layer failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>Most bytes of one row of weights, over all layers so far.</summary>
    internal int RowBytes { get; private set; }

    /// <summary>Bytes of packed weights of all layers so far.</summary>
    internal long PackedBytes { get; private set; }

    /// <summary>Whether the present layer's weights could not be read.</summary>
    internal bool SourceFailed { get; private set; }

    /// <summary>Where the strip begins in the arena's array: after all activations.</summary>
    public int StripStart => _arenaBytes;

    /// <summary>Goes to the layer whose record begins at an offset.</summary>
    internal void MoveTo(int record)
    {
        _parameters = record + ModelFormat.LayerRecord.Size;
        _weightsLength = BitConverter.ToInt32(_data, record + ModelFormat.LayerRecord.WeightsLengthOffset);
        _weightsOffset = _weights.Load(BitConverter.ToInt32(_data, record + ModelFormat.LayerRecord.WeightsOffset), _weightsLength);
        SourceFailed = _weightsOffset < 0;
        Failed = SourceFailed;
    }

    /// <summary>Parameter at an index.</summary>
    public int Int(int index)
    {
        return BitConverter.ToInt32(_data, _parameters + (index << 2));
    }

    /// <summary>Parameter at an index, which must lie in a range, both ends included. Gives <paramref name="low"/> where it does not.</summary>
    public int Range(int index, int low, int high)
    {
        int value = Int(index);
        if (value < low || value > high)
        {
            Failed = true;
            return low;
        }
        return value;
    }

    /// <summary>Parameter at an index, a dimension or count: 1 to <see cref="ModelFormat.MaxBytes"/>.</summary>
    public int Dimension(int index)
    {
        return Range(index, 1, ModelFormat.MaxBytes);
    }

    /// <summary>Two parameters, an activation range within int8 with low ≤ high.</summary>
    public void ActivationRange(int lowIndex, int highIndex)
    {
        Range(highIndex, Range(lowIndex, -128, 127), 127);
    }

    /// <summary>A product, or 1 and a failure where it is over <see cref="ModelFormat.MaxBytes"/>. Both factors are positive.</summary>
    public int Product(int a, int b)
    {
        long product = (long)a * b;
        if (product > ModelFormat.MaxBytes)
        {
            Failed = true;
            return 1;
        }
        return (int)product;
    }

    /// <summary>Product of four positive factors; see <see cref="Product(int, int)"/>.</summary>
    public int Product(int a, int b, int c, int d)
    {
        return Product(Product(Product(a, b), c), d);
    }

    /// <summary>The parameter at an index is the offset of a tensor of <paramref name="count"/> bytes that lies wholly in the arena.</summary>
    public void Arena(int index, int count)
    {
        int offset = Int(index);
        Check(offset >= 0 && count >= 0 && (long)offset + count <= _arenaBytes);
    }

    /// <summary>All offsets from <paramref name="first"/> to <paramref name="last"/> lie in the arena.</summary>
    public void ArenaSpan(long first, long last)
    {
        Check(first >= 0 && last < _arenaBytes);
    }

    /// <summary>The layer's weights are exactly <paramref name="count"/> bytes long.</summary>
    public void Weights(long count)
    {
        Check(count == _weightsLength);
    }

    /// <summary>The model gives its kernels at least <paramref name="count"/> 64-bit words.</summary>
    public void Lanes(long count)
    {
        Check(count <= _lanes);
    }

    /// <summary>The model gives its kernels at least <paramref name="count"/> bytes after the activations.</summary>
    public void Strip(long count)
    {
        Check(count <= _stripBytes);
    }

    /// <summary>The layer needs <paramref name="count"/> bytes of <see cref="Frame.Row"/>.</summary>
    public void Row(int count)
    {
        if (count > RowBytes)
            RowBytes = count;
    }

    /// <summary>The layer packs weights in <paramref name="count"/> bytes of RAM.</summary>
    public void Packed(long count)
    {
        PackedBytes += count;
        Check(PackedBytes <= ModelFormat.MaxBytes);
    }

    /// <summary>Reads a byte of the layer's weights as a signed number; 0 where it lies outside them.</summary>
    public int WeightByte(int offset)
    {
        if (offset < 0 || offset >= _weightsLength)
            return 0;
        return (sbyte)_weights.Bytes[_weightsOffset + offset];
    }

    /// <summary>Bytes of the layer's weights.</summary>
    public int WeightCount => _weightsLength;

    /// <summary>Reads two bytes of the layer's weights as a signed number; 0, and a failure, where they lie outside them.</summary>
    public int WeightShort(int offset)
    {
        if (offset < 0 || offset > _weightsLength - 2)
        {
            Failed = true;
            return 0;
        }
        return BitConverter.ToInt16(_weights.Bytes, _weightsOffset + offset);
    }

    /// <summary>Reads four bytes of the layer's weights as a number; -1 where they lie outside them.</summary>
    public int WeightInt(int offset)
    {
        if (offset < 0 || offset > _weightsLength - 4)
            return -1;
        return BitConverter.ToInt32(_weights.Bytes, _weightsOffset + offset);
    }

    /// <summary>Fails the layer where a condition does not hold.</summary>
    public void Check(bool condition)
    {
        if (!condition)
            Failed = true;
    }
}
