namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// The store's files on a raw flash region, each on pages of its own. A program or erase is durable at once; the length of a file is, at its flush. Bytes that are not erased
/// are changed by way of a spare page, so that power loss harms no byte around them.
/// </summary>
/// <remarks>Holds about 0.5 KB of RAM. Erases a page where a file grows onto it; a file written from its start to its end needs no spare page.</remarks>
public sealed class RegionFileStore : FileStore
{
    private const int BufferBytes = 256;

    private readonly RawFlash _flash;
    private readonly RegionDirectory _directory;
    private readonly int _pageBytes;
    private readonly int _sparePage;
    private readonly int[] _firstPages = new int[StoreFile.Count];
    private readonly int[] _capacities = new int[StoreFile.Count];
    private readonly int[] _lengths = new int[StoreFile.Count];
    private readonly bool[] _open = new bool[StoreFile.Count];
    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Creates a store on a region; <see cref="Mount"/> comes before anything else.</summary>
    /// <param name="flash">The region.</param>
    /// <param name="capacities">Most bytes of each file of <see cref="StoreFile"/>, rounded up to whole pages; 0, or past the array's end: the file cannot be created. What is there may not change over the store's life; more files may follow.</param>
    public RegionFileStore(RawFlash flash, int[] capacities)
    {
        _flash = flash;
        _directory = new RegionDirectory(flash);
        _pageBytes = flash.PageBytes;
        _sparePage = _directory.Pages;
        int page = _sparePage + 1;
        for (int file = 0; file < StoreFile.Count; file++)
        {
            int pages = file < capacities.Length ? (capacities[file] + _pageBytes - 1) / _pageBytes : 0;
            _firstPages[file] = page;
            _capacities[file] = pages * _pageBytes;
            _lengths[file] = -1;
            page += pages;
        }
        PagesNeeded = page;
    }

    /// <summary>Pages that the files, directory and spare page take.</summary>
    public int PagesNeeded { get; }

    /// <summary>Reads the directory, and completes what power loss interrupted. A region without a directory becomes an empty store.</summary>
    /// <returns>False where the region is too small or failed.</returns>
    public bool Mount()
    {
        if (PagesNeeded > _flash.PageCount || !_directory.Mount())
            return false;
        for (int file = 0; file < StoreFile.Count; file++)
        {
            _open[file] = false;
            _lengths[file] = _directory.Length(file);
        }
        return _directory.SparePage < 0 || CopyBack();
    }

    /// <inheritdoc/>
    public override bool Open(int file)
    {
        if (_capacities[file] == 0)
            return false;
        if (_lengths[file] < 0)
            _lengths[file] = 0;
        _open[file] = true;
        return true;
    }

    /// <inheritdoc/>
    public override int Length(int file)
    {
        return _lengths[file];
    }

    /// <inheritdoc/>
    public override bool Read(int file, int offset, byte[] buffer, int index, int count)
    {
        return _open[file] && offset >= 0 && count <= _lengths[file] - offset && _flash.Read(AddressOf(file) + offset, buffer, index, count);
    }

    /// <inheritdoc/>
    public override bool Write(int file, int offset, byte[] buffer, int index, int count)
    {
        if (!_open[file] || offset < 0 || count > _capacities[file] - offset)
            return false;
        int end = offset + count;
        if (end > _lengths[file] && !Prepare(file, end))
            return false;
        int length = _lengths[file];
        if (end > length)
            _lengths[file] = end;
        while (count > 0)
        {
            int part = _pageBytes - (offset % _pageBytes);
            if (part > count)
                part = count;
            if (!WritePart(file, offset, buffer, index, part, length))
                return false;
            offset += part;
            index += part;
            count -= part;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Flush(int file)
    {
        return _open[file] && (_directory.Length(file) == _lengths[file] || _directory.SetLength(file, _lengths[file]));
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
        if (_directory.Length(file) >= 0 && !_directory.SetLength(file, -1))
            return false;
        _open[file] = false;
        _lengths[file] = -1;
        return true;
    }

    /// <summary>Erases the pages that a file grows onto.</summary>
    private bool Prepare(int file, int end)
    {
        int first = _firstPages[file];
        for (int page = first + ((_lengths[file] + _pageBytes - 1) / _pageBytes); page < first + ((end + _pageBytes - 1) / _pageBytes); page++)
        {
            if (!Erase(page))
                return false;
        }
        return true;
    }

    /// <summary>Writes within one page. Bytes of the page from <paramref name="length"/>, the file's length before, mean nothing unless they are written now.</summary>
    private bool WritePart(int file, int offset, byte[] buffer, int index, int count, int length)
    {
        int address = AddressOf(file) + offset;
        if (IsErased(address, count))
            return _flash.Program(address, buffer, index, count);
        if (_directory.SparePage >= 0 && !CopyBack())
            return false;
        int page = address / _pageBytes;
        return Erase(_sparePage) && FillSpare(page, AddressOf(file) + length, address, buffer, index, count) && _directory.SetSpare(page) && CopyBack();
    }

    /// <summary>Puts a page's bytes below <paramref name="end"/>, with the new ones in their place, on the spare page.</summary>
    private bool FillSpare(int page, int end, int address, byte[] buffer, int index, int count)
    {
        int spare = _sparePage * _pageBytes;
        int start = page * _pageBytes;
        for (int done = 0; done < _pageBytes; done += BufferBytes)
        {
            if (!_flash.Read(start + done, _buffer, 0, BufferBytes))
                return false;
            for (int i = 0; i < BufferBytes; i++)
            {
                int place = start + done + i;
                if (place >= address && place < address + count)
                    _buffer[i] = buffer[index + place - address];
                else if (place >= end)
                    _buffer[i] = _flash.ErasedValue;
            }
            if (!_flash.Program(spare + done, _buffer, 0, BufferBytes))
                return false;
        }
        return true;
    }

    /// <summary>Moves the spare page's bytes to where they belong. Doing it again changes nothing.</summary>
    private bool CopyBack()
    {
        int page = _directory.SparePage;
        if (!Erase(page))
            return false;
        for (int done = 0; done < _pageBytes; done += BufferBytes)
        {
            if (!_flash.Read((_sparePage * _pageBytes) + done, _buffer, 0, BufferBytes) || !_flash.Program((page * _pageBytes) + done, _buffer, 0, BufferBytes))
                return false;
        }
        return _directory.SetSpare(-1);
    }

    private bool Erase(int page)
    {
        return IsErased(page * _pageBytes, _pageBytes) || _flash.ErasePage(page);
    }

    /// <summary>Whether bytes are erased; false also where they cannot be read.</summary>
    private bool IsErased(int address, int count)
    {
        byte erased = _flash.ErasedValue;
        while (count > 0)
        {
            int part = count < BufferBytes ? count : BufferBytes;
            if (!_flash.Read(address, _buffer, 0, part))
                return false;
            for (int i = 0; i < part; i++)
            {
                if (_buffer[i] != erased)
                    return false;
            }
            address += part;
            count -= part;
        }
        return true;
    }

    private int AddressOf(int file)
    {
        return _firstPages[file] * _pageBytes;
    }
}
