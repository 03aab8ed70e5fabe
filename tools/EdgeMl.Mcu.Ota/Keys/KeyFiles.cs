namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>The file operations of keys and their state. Nothing written is certain to survive a power cut before it is flushed, nor a rename before its folder is.</summary>
public abstract class KeyFiles
{
    private const string AsideSuffix = ".tmp";

    /// <summary>Reads a file; null where it does not exist.</summary>
    /// <exception cref="OtaException"><c>ota.key-unreadable</c>.</exception>
    public abstract byte[]? Read(string path);

    /// <summary>Writes a file that only its owner can read, in place of any that is there.</summary>
    /// <exception cref="OtaException"><c>ota.key-unwritable</c>.</exception>
    public abstract void Write(string path, byte[] content);

    /// <summary>Makes the content of a file survive.</summary>
    /// <exception cref="OtaException"><c>ota.key-unwritable</c>.</exception>
    public abstract void Flush(string path);

    /// <summary>Gives a file another name, in place of the file that has it.</summary>
    /// <exception cref="OtaException"><c>ota.key-unwritable</c>.</exception>
    public abstract void Rename(string from, string to);

    /// <summary>Makes the names in the folder of a file survive.</summary>
    /// <exception cref="OtaException"><c>ota.key-unwritable</c>.</exception>
    public abstract void FlushFolder(string path);

    /// <summary>Holds a lock that no other process can hold, until it is disposed.</summary>
    /// <exception cref="OtaException"><c>ota.key-busy</c>: another process holds it for long.</exception>
    public abstract IDisposable Lock(string path);

    /// <summary>Puts a file in place so that there is the old content or the new one after a power cut, and the new one once this returns.</summary>
    /// <exception cref="OtaException"><c>ota.key-unwritable</c>.</exception>
    public void Replace(string path, byte[] content)
    {
        string aside = path + AsideSuffix;
        Write(aside, content);
        Flush(aside);
        Rename(aside, path);
        FlushFolder(path);
    }
}
