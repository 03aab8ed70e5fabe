using System;
using EdgeMl.Mcu.Runtime.Format;
using D = EdgeMl.Mcu.Agent.Storage.RegionLayout;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>The durable part of a <see cref="RegionFileStore"/>'s book-keeping. See <see cref="RegionLayout"/>.</summary>
internal sealed class RegionDirectory
{
    private readonly RawFlash _flash;
    private readonly int _halfBytes;
    private readonly int[] _lengths = new int[StoreFile.Count];
    private readonly byte[] _record = new byte[D.RecordBytes];
    private int _half;
    private int _next;
    private int _generation;

    public RegionDirectory(RawFlash flash)
    {
        _flash = flash;
        _halfBytes = D.HalfBytes(flash.PageBytes);
    }

    /// <summary>Pages of both halves.</summary>
    public int Pages => 2 * _halfBytes / _flash.PageBytes;

    /// <summary>The page that the spare page holds the new bytes of, or -1.</summary>
    public int SparePage { get; private set; }

    /// <summary>Durable length of a file, -1 where it is absent.</summary>
    public int Length(int file)
    {
        return _lengths[file];
    }

    /// <summary>Reads the directory. Flash without one gets an empty one.</summary>
    public bool Mount()
    {
        for (int file = 0; file < StoreFile.Count; file++)
            _lengths[file] = -1;
        SparePage = -1;
        int first = GenerationOf(0);
        int second = GenerationOf(1);
        if (first < 0 || second < 0)
            return false;
        _half = second > first ? 1 : 0;
        _generation = second > first ? second : first;
        if (_generation > 0)
            return Load();
        _half = 1;
        return Switch();
    }

    public bool SetLength(int file, int length)
    {
        int before = _lengths[file];
        _lengths[file] = length;
        if (Append(D.Length, file, length))
            return true;
        _lengths[file] = before;
        return false;
    }

    public bool SetSpare(int page)
    {
        int before = SparePage;
        SparePage = page;
        if (Append(D.Spare, 0, page))
            return true;
        SparePage = before;
        return false;
    }

    /// <summary>Generation of a half, 0 where it is not valid, -1 where it cannot be read.</summary>
    private int GenerationOf(int half)
    {
        int generation = 0;
        int records = 1;
        for (int i = 0; i < records; i++)
        {
            if (!_flash.Read(AddressOf(half, i), _record, 0, D.RecordBytes))
                return -1;
            if (!IsWhole() || (_record[0] == D.Header) != (i == 0))
                return 0;
            if (i > 0 && BitConverter.ToInt32(_record, 4) != generation)
                return 0;
            if (i > 0)
                continue;
            generation = BitConverter.ToInt32(_record, 4);
            records += BitConverter.ToInt32(_record, 8);
            if (records > _halfBytes / D.RecordBytes)
                return 0;
        }
        return generation;
    }

    private bool Load()
    {
        for (_next = 1; _next < _halfBytes / D.RecordBytes; _next++)
        {
            if (!_flash.Read(AddressOf(_half, _next), _record, 0, D.RecordBytes))
                return false;
            if (IsErased())
                return true;
            if (!IsWhole() || BitConverter.ToInt32(_record, 4) != _generation)
                continue;
            int value = BitConverter.ToInt32(_record, 8);
            if (_record[0] == D.Spare)
                SparePage = value;
            else if (_record[0] == D.Length && _record[1] < StoreFile.Count)
                _lengths[_record[1]] = value;
        }
        return true;
    }

    /// <summary>Adds a record of a change that the fields hold already.</summary>
    private bool Append(int kind, int file, int value)
    {
        return _next < _halfBytes / D.RecordBytes ? Program(_half, _next++, kind, file, value, _generation) : Switch();
    }

    /// <summary>Begins the other half with all that the fields hold.</summary>
    private bool Switch()
    {
        int half = 1 - _half;
        int pages = _halfBytes / _flash.PageBytes;
        for (int page = half * pages; page < (half + 1) * pages; page++)
        {
            if (!_flash.ErasePage(page))
                return false;
        }
        int generation = _generation + 1;
        bool done = Program(half, 0, D.Header, 0, D.SnapshotRecords, generation);
        for (int file = 0; file < StoreFile.Count && done; file++)
            done = Program(half, file + 1, D.Length, file, _lengths[file], generation);
        if (!done || !Program(half, D.SnapshotRecords, D.Spare, 0, SparePage, generation))
            return false;
        _half = half;
        _generation = generation;
        _next = D.SnapshotRecords + 1;
        return true;
    }

    private bool Program(int half, int index, int kind, int file, int value, int generation)
    {
        _record[0] = (byte)kind;
        _record[1] = (byte)file;
        _record[2] = D.Magic & 0xFF;
        _record[3] = D.Magic >> 8;
        LittleEndian.WriteInt32(_record, 4, generation);
        LittleEndian.WriteInt32(_record, 8, value);
        LittleEndian.WriteInt32(_record, 12, (int)Crc32.Compute(_record, 0, 12));
        return _flash.Program(AddressOf(half, index), _record, 0, D.RecordBytes);
    }

    private bool IsWhole()
    {
        return BitConverter.ToUInt16(_record, 2) == D.Magic && BitConverter.ToInt32(_record, 12) == (int)Crc32.Compute(_record, 0, 12);
    }

    private bool IsErased()
    {
        for (int i = 0; i < D.RecordBytes; i++)
        {
            if (_record[i] != _flash.ErasedValue)
                return false;
        }
        return true;
    }

    private int AddressOf(int half, int index)
    {
        return (half * _halfBytes) + (index * D.RecordBytes);
    }
}
