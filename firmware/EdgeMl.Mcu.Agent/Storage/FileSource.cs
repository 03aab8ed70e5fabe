using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>A file of the store as the source of a model's bytes.</summary>
public sealed class FileSource : ByteSource
{
    private readonly FileStore _store;
    private readonly int _file;
    private readonly int _length;

    /// <summary>Opens a file of a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="file">A number of <see cref="StoreFile"/>. Where it cannot be opened, every read fails.</param>
    public FileSource(FileStore store, int file)
    {
        _store = store;
        _file = file;
        int length = store.Length(file);
        _length = length > 0 && store.Open(file) ? length : 0;
    }

    /// <inheritdoc/>
    public override int Length => _length;

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        return _store.Read(_file, offset, buffer, index, count);
    }
}
