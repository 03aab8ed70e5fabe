namespace EdgeMl.Mcu.Runtime;

/// <summary>Bytes of a model file that are not in RAM: in flash, on a file system, encrypted. Need not be thread-safe.</summary>
public abstract class ByteSource
{
    /// <summary>Number of bytes.</summary>
    public abstract int Length { get; }

    /// <summary>Copies bytes into a buffer. The ranges lie within the source and the buffer.</summary>
    /// <param name="offset">First byte to copy.</param>
    /// <param name="buffer">Where the copy goes.</param>
    /// <param name="index">Its first place in the buffer.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <returns>False where the bytes could not be read.</returns>
    public abstract bool Read(int offset, byte[] buffer, int index, int count);
}
