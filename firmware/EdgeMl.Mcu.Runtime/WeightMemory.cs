namespace EdgeMl.Mcu.Runtime;

/// <summary>Where kernels find a layer's weights: in the bytes of the whole file, or in one page that holds one layer at a time.</summary>
internal sealed class WeightMemory
{
    private readonly int _start;
    private readonly ByteSource _source;
    private int _offset;
    private int _length;

    /// <summary>The weights of a file that is in RAM.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="start">File offset of the weights.</param>
    public WeightMemory(byte[] file, int start)
    {
        Bytes = file;
        _start = start;
    }

    /// <summary>The weights of a file that is not in RAM.</summary>
    /// <param name="source">The whole file.</param>
    /// <param name="start">File offset of the weights.</param>
    /// <param name="page">Holds the weights of any one layer.</param>
    public WeightMemory(ByteSource source, int start, byte[] page)
    {
        _source = source;
        _start = start;
        Bytes = page;
    }

    /// <summary>The array that holds the weights.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes of RAM for weights alone.</summary>
    public int PageBytes => _source == null ? 0 : Bytes.Length;

    /// <summary>Brings a layer's weights into <see cref="Bytes"/>, where they are not there yet.</summary>
    /// <param name="offset">Their offset in the weights section.</param>
    /// <param name="length">Number of bytes, 0 or more.</param>
    /// <returns>Where they begin, or -1 where the source failed.</returns>
    public int Load(int offset, int length)
    {
        if (_source == null)
            return _start + offset;
        if (length == 0 || (offset == _offset && length == _length))
            return 0;
        _length = 0;
        if (!_source.Read(_start + offset, Bytes, 0, length))
            return -1;
        _offset = offset;
        _length = length;
        return 0;
    }
}
