using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>
/// A device's file system in memory. What a file held at its last flush survives a power cut; each later change is lost, kept or torn as
/// <see cref="UnflushedChanges"/> says. Bytes of a gap and of a failed write are undefined, never zero. Not thread-safe.
/// </summary>
public sealed class SimulatedFiles : FileStore, IVolatileMemory
{
    /// <summary>Number of files: the agent's, and one for an application around it.</summary>
    public const int FileCount = StoreFile.Count + 1;

    private readonly PowerSupply? _power;
    private readonly byte[]?[] _files = new byte[]?[FileCount];
    private readonly byte[]?[] _durable = new byte[]?[FileCount];
    private readonly bool[] _shared = new bool[FileCount];
    private readonly bool[] _open = new bool[FileCount];
    private readonly UnflushedChanges _changes = new();

    /// <summary>Creates a memory.</summary>
    /// <param name="image">What it holds; null: no files.</param>
    /// <param name="power">Where power can fail; null: never, and changes are not followed.</param>
    public SimulatedFiles(FlashImage? image = null, PowerSupply? power = null)
    {
        _power = power;
        Restart(image ?? Blank);
    }

    /// <summary>A memory without files.</summary>
    public static FlashImage Blank { get; } = new(new byte[]?[FileCount]);

    /// <summary>Most bytes of all files together; a write beyond it fails.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Number of the write, from 1, that finds the disk full; 0: none.</summary>
    public long FullAtWrite { get; set; }

    /// <summary>How many writes from that one on find it full.</summary>
    public long FullWrites { get; set; } = 1;

    /// <summary>Calls of <see cref="Write"/> so far.</summary>
    public long Writes { get; private set; }

    /// <inheritdoc/>
    public int VariantCount => _changes.VariantCount;

    /// <inheritdoc/>
    public FlashImage Capture()
    {
        Array.Fill(_shared, true);
        return new FlashImage((byte[]?[])_files.Clone());
    }

    /// <inheritdoc/>
    public override bool Open(int file)
    {
        if (_files[file] is null)
        {
            SetFile(file, []);
            Change(new FileChange(OperationKind.Create, file, 0, []));
        }
        return _open[file] = true;
    }

    /// <inheritdoc/>
    public override int Length(int file) => _files[file] is { } bytes ? bytes.Length : -1;

    /// <inheritdoc/>
    public override bool Read(int file, int offset, byte[] buffer, int index, int count)
    {
        if (!_open[file] || _files[file] is not { } bytes || offset < 0 || count > bytes.Length - offset)
            return false;
        Array.Copy(bytes, offset, buffer, index, count);
        return true;
    }

    /// <inheritdoc/>
    public override bool Write(int file, int offset, byte[] buffer, int index, int count)
    {
        Writes++;
        if (!_open[file] || _files[file] is not { } bytes || offset < 0 || count > int.MaxValue - offset)
            return false;
        bool full = (FullAtWrite > 0 && Writes >= FullAtWrite && Writes - FullAtWrite < FullWrites) || Grown(bytes.Length, offset + count) > CapacityBytes;
        byte[] source = buffer.AsSpan(index, count).ToArray();
        if (full)
        {
            // Part of the data reached the disk, and what came after it is not what was asked for.
            source = source[..(count / 2)];
            Undefined.Fill(source.AsSpan(source.Length / 2), offset);
        }
        var change = new FileChange(OperationKind.Write, file, offset, source);
        SetFile(file, change.Apply(bytes, source.Length, reuse: !_shared[file]));
        Change(change);
        return !full;
    }

    /// <inheritdoc/>
    public override bool Flush(int file)
    {
        if (!_open[file])
            return false;
        Supply(new StorageOperation(OperationKind.Flush, file, 0, 0));
        _changes.Flush(file);
        if (_power is not null)
        {
            _durable[file] = _files[file];
            _shared[file] = true;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Close(int file)
    {
        _open[file] = false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Delete(int file)
    {
        _open[file] = false;
        if (_files[file] is null)
            return true;
        SetFile(file, null);
        Change(new FileChange(OperationKind.Delete, file, 0, []));
        return true;
    }

    /// <inheritdoc/>
    public FlashImage Survivor(int variant) => _changes.Survivor(_files, _durable, _shared, variant);

    /// <inheritdoc/>
    public void Restart(FlashImage image)
    {
        for (int file = 0; file < FileCount; file++)
        {
            _files[file] = _durable[file] = image.Area(file);
            _shared[file] = true;
            _open[file] = false;
        }
        _changes.Clear();
    }

    private long Grown(int length, int end)
    {
        long total = Math.Max(0, end - length);
        foreach (byte[]? file in _files)
            total += file?.Length ?? 0;
        return total;
    }

    private void SetFile(int file, byte[]? bytes)
    {
        _files[file] = bytes;
        _shared[file] = false;
    }

    private void Change(FileChange change)
    {
        if (_power is null)
            return;
        _changes.Add(change);
        Supply(new StorageOperation(change.Kind, change.File, change.Offset, change.Bytes.Length));
    }

    private void Supply(StorageOperation operation) => _power?.Supply(this, operation);
}
