namespace EdgeMl.Mcu.Link.Ports;

/// <summary>The port to the place of the application's own files, such as its configuration: one file at a time. No member throws.</summary>
public abstract class LinkFiles
{
    /// <summary>Begins a file; one that was begun and not committed is given up. A file of that name stays as it is until <see cref="Commit"/> where the storage has room for both.</summary>
    /// <param name="name">1 to 32 characters of <c>A-Z a-z 0-9 . - _</c>, the first a letter or digit.</param>
    /// <param name="length">Its bytes, 1 or more.</param>
    /// <returns>False where there may be no such file, or no room for it.</returns>
    public abstract bool Create(string name, int length);

    /// <summary>Writes bytes behind those written before.</summary>
    public abstract bool Write(int offset, byte[] buffer, int index, int count);

    /// <summary>Reads bytes that were written back from the storage.</summary>
    public abstract bool Read(int offset, byte[] buffer, int index, int count);

    /// <summary>Makes the file durable, in place of one of the same name.</summary>
    public abstract bool Commit();

    /// <summary>Gives up the file that was begun; does nothing where there is none.</summary>
    public abstract void Abandon();
}
