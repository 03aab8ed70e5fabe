namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// The port to a device's non-volatile memory: a handful of files named by the numbers of <see cref="StoreFile"/>. No member throws; false means that
/// nothing can be relied upon beyond what was durable before. Need not be thread-safe.
/// </summary>
/// <remarks>
/// What power loss leaves: everything that was there when the last <see cref="Flush"/> of the file returned true, except the bytes overwritten since.
/// Each change after that flush may be lost, kept, or torn to a part, in any order and independently of the others: a file may have its new length and
/// undefined bytes, a deleted file may come back whole. There is no rename.
/// </remarks>
public abstract class FileStore
{
    /// <summary>Opens a file for reading and writing, and creates it with length 0 where it is absent. Opening an open file does nothing.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <returns>False where the file cannot be opened or created.</returns>
    public abstract bool Open(int file);

    /// <summary>Length of a file, open or not.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <returns>Bytes, or -1 where the file is absent.</returns>
    public abstract int Length(int file);

    /// <summary>Copies bytes of an open file into a buffer.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <param name="offset">First byte of the file, 0 or more.</param>
    /// <param name="buffer">Where the copy goes.</param>
    /// <param name="index">Its first place in the buffer.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <returns>False where the file is not open, ends before <paramref name="offset"/> + <paramref name="count"/>, or cannot be read; the buffer's range is undefined then.</returns>
    public abstract bool Read(int file, int offset, byte[] buffer, int index, int count);

    /// <summary>Writes bytes to an open file, over what is there or beyond its end; bytes of a gap between the former end and <paramref name="offset"/> are undefined.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <param name="offset">First byte of the file, 0 or more.</param>
    /// <param name="buffer">Where the bytes come from.</param>
    /// <param name="index">The first of them.</param>
    /// <param name="count">Number of bytes, 0 or more.</param>
    /// <returns>False where the file is not open, the store is full or the write failed; the bytes of the range are undefined then.</returns>
    public abstract bool Write(int file, int offset, byte[] buffer, int index, int count);

    /// <summary>Makes every change of an open file durable, its length included.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <returns>False where the file is not open or the changes may not be durable.</returns>
    public abstract bool Flush(int file);

    /// <summary>Closes a file. What was not flushed may or may not be durable. Closing a file that is not open does nothing.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <returns>False where closing failed; the file is closed all the same.</returns>
    public abstract bool Close(int file);

    /// <summary>Closes and removes a file. Deleting a file that is absent succeeds. The removal is durable only after a flush of the file created anew.</summary>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <returns>False where the file could not be removed.</returns>
    public abstract bool Delete(int file);
}
