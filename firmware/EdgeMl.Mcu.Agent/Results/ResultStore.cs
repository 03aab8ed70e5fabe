using System;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Results;

/// <summary>
/// The results that wait to be acknowledged, in two files. Each grows by appending only, so that power loss never harms what was durable; when the one that
/// grows is full, the other one, with the oldest results, is deleted and begun anew. A sequence number is given to one result only, over reboots too. The files hold
/// the policy as well.
/// </summary>
public sealed class ResultStore
{
    // Body of a header: generation of the file, and the oldest result that waited when it was begun.
    private const int HeaderBytes = ResultCell.HeadBytes + 12;

    private readonly FileStore _store;
    private readonly byte[] _buffer;
    private readonly int _offset;
    private readonly int _cellBytes;
    private readonly int _cellsPerFile;
    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly byte[] _policyCell = new byte[ResultCell.HeadBytes + PolicyOffset + PolicyBytesMax];
    private readonly CborWriter _writer;
    private readonly CborReader _reader;
    private int _policyLength;
    private int _policyGeneration;
    private int _file;
    private int _cells;
    private int _generation;
    private long _fileFirst;
    private long _first;
    private int _cursorFile;
    private int _cursorCell;

    // Body of the policy: generation of the file, then the policy.
    private const int PolicyOffset = 4;
    private const int PolicyBytesMax = 36;

    /// <summary>Creates a store with a reader and a writer of its own; <see cref="Open"/> comes before anything else.</summary>
    /// <param name="store">The device's files.</param>
    /// <param name="buffer">Work buffer, shared with others between calls.</param>
    /// <param name="offset">First place of it that the store may use.</param>
    /// <param name="cellBytes">Bytes of flash for a result, <see cref="CellBytesMin"/> or more; so much of the buffer is used.</param>
    /// <param name="records">Results that find room at least, 1 or more. Flash is taken for twice as many.</param>
    public ResultStore(FileStore store, byte[] buffer, int offset, int cellBytes, int records)
        : this(store, buffer, offset, cellBytes, records, new CborReader(), new CborWriter())
    {
    }

    /// <summary>Creates a store; <see cref="Open"/> comes before anything else.</summary>
    /// <param name="store">The device's files.</param>
    /// <param name="buffer">Work buffer, shared with others between calls.</param>
    /// <param name="offset">First place of it that the store may use.</param>
    /// <param name="cellBytes">Bytes of flash for a result, <see cref="CellBytesMin"/> or more; so much of the buffer is used.</param>
    /// <param name="records">Results that find room at least, 1 or more. Flash is taken for twice as many.</param>
    /// <param name="reader">Shared with others between calls.</param>
    /// <param name="writer">Shared with others between calls.</param>
    public ResultStore(FileStore store, byte[] buffer, int offset, int cellBytes, int records, CborReader reader, CborWriter writer)
    {
        _reader = reader;
        _writer = writer;
        _store = store;
        _buffer = buffer;
        _offset = offset;
        _cellBytes = cellBytes;
        _cellsPerFile = records + 2;
    }

    /// <summary>Smallest cell in bytes.</summary>
    public const int CellBytesMin = ResultCell.HeadBytes + PolicyOffset + PolicyBytesMax;

    /// <summary>Where the body of a record lies in the work buffer.</summary>
    public int BodyOffset => _offset + ResultCell.HeadBytes;

    /// <summary>Longest record in bytes.</summary>
    public int RecordBytesMax => _cellBytes - ResultCell.HeadBytes;

    /// <summary>Sequence number of the next result.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Number of results that wait.</summary>
    public int Count => (int)(NextSequence - _first);

    /// <summary>Results that were given up since the start: for want of room, or because the store failed.</summary>
    public int Dropped { get; private set; }

    /// <summary>Finds the results that are there. All that were not forgotten for good wait again.</summary>
    public void Open()
    {
        NextSequence = 1;
        _generation = 0;
        _policyLength = 0;
        _policyGeneration = 0;
        _file = StoreFile.Results1;
        _cells = _cellsPerFile;
        _first = 1;
        _fileFirst = 1;
        long oldest = Scan(StoreFile.Results0, long.MaxValue);
        oldest = Scan(StoreFile.Results1, oldest);
        if (oldest > _first)
            _first = oldest < NextSequence ? oldest : NextSequence;
        Rewind();
    }

    /// <summary>Reads the policy that was saved last.</summary>
    public void LoadPolicy(ResultPolicy policy)
    {
        _reader.Reset(_policyCell, ResultCell.HeadBytes + PolicyOffset, _policyLength);
        if (_policyLength > 0)
            policy.Read(_reader);
    }

    /// <summary>Saves a policy, if it is another one than was saved last.</summary>
    public void SavePolicy(ResultPolicy policy)
    {
        _writer.Reset(_buffer, BodyOffset, PolicyBytesMax);
        policy.Write(_writer);
        int start = ResultCell.HeadBytes + PolicyOffset;
        bool isSame = _writer.Failed || _writer.Length == _policyLength;
        for (int i = 0; isSame && i < _policyLength; i++)
            isSame = _buffer[BodyOffset + i] == _policyCell[start + i];
        if (isSame)
            return;
        _policyLength = _writer.Length;
        Array.Copy(_buffer, BodyOffset, _policyCell, start, _policyLength);
        // A file that is begun anew has the policy with it.
        if (_cells >= _cellsPerFile)
            Switch();
        else
            WritePolicy();
    }

    /// <summary>Keeps a record, with the sequence number <see cref="NextSequence"/>, until it is forgotten. A number whose record may be in flash is not given again.</summary>
    /// <param name="length">Bytes of the record, which lies at <see cref="BodyOffset"/>.</param>
    /// <param name="keep">Results to keep at most, 1 or more; the oldest go.</param>
    /// <returns>Whether it is durable; otherwise it is given up.</returns>
    public bool Append(int length, int keep)
    {
        bool isWritten = (_cells < _cellsPerFile || Switch()) && WriteRecord(length);
        NextSequence++;
        if (!isWritten)
        {
            Dropped++;
            if (Count == 1)
                _first = NextSequence;
        }
        if (Count > keep)
            Drop(NextSequence - keep);
        return isWritten;
    }

    /// <summary>Forgets all results up to a sequence number, which are stored elsewhere now.</summary>
    /// <param name="sequence">The number; one that was not given yet is never given.</param>
    public void Forget(long sequence)
    {
        if (sequence >= NextSequence)
            NextSequence = sequence + 1;
        if (sequence >= _first)
            _first = sequence + 1;
    }

    /// <summary>Makes <see cref="ReadNext"/> begin with the oldest result.</summary>
    public void Rewind()
    {
        _cursorFile = Other(_file);
        _cursorCell = 0;
    }

    /// <summary>Brings the next result that waits to <see cref="BodyOffset"/>.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <returns>Bytes of its record; -1 where there is none.</returns>
    public int ReadNext(out long sequence)
    {
        sequence = 0;
        while (true)
        {
            int position = _cursorCell * _cellBytes;
            if (position >= _store.Length(_cursorFile))
            {
                if (_cursorFile == _file)
                    return -1;
                _cursorFile = _file;
                _cursorCell = 0;
                continue;
            }
            _cursorCell++;
            if (ResultCell.Read(_store, _cursorFile, position, _buffer, _offset, _cellBytes) != ResultCell.Record)
                continue;
            sequence = ResultCell.Sequence(_buffer, _offset);
            if (sequence >= _first && sequence < NextSequence)
                return ResultCell.Length(_buffer, _offset);
        }
    }

    private void Drop(long first)
    {
        if (first <= _first)
            return;
        Dropped += (int)(first - _first);
        _first = first;
    }

    private bool WriteRecord(int length)
    {
        ResultCell.Seal(_buffer, _offset, ResultCell.Record, NextSequence, length);
        // What a failure leaves in a cell is never written over.
        int position = _cells * _cellBytes;
        _cells++;
        return Write(_file, position, _buffer, _offset, ResultCell.HeadBytes + length);
    }

    /// <summary>Deletes the older file, and begins it anew as the one that grows.</summary>
    private bool Switch()
    {
        // A file that is full but has no result since its header is a deleted one that power loss brought back under it: the other one holds the newest results.
        bool isEmpty = NextSequence == _fileFirst;
        int target = isEmpty ? _file : Other(_file);
        if (!_store.Delete(target))
            return false;
        if (!isEmpty)
            Drop(_fileFirst);
        LittleEndian.WriteInt32(_header, ResultCell.HeadBytes, _generation + 1);
        LittleEndian.WriteInt32(_header, ResultCell.HeadBytes + 4, (int)_first);
        LittleEndian.WriteInt32(_header, ResultCell.HeadBytes + 8, (int)(_first >> 32));
        ResultCell.Seal(_header, 0, ResultCell.Header, NextSequence, HeaderBytes - ResultCell.HeadBytes);
        if (!Write(target, 0, _header, 0, HeaderBytes))
            return false;
        _generation++;
        _file = target;
        _cells = 1;
        _fileFirst = NextSequence;
        Rewind();
        if (_policyLength > 0)
            WritePolicy();
        return true;
    }

    private void WritePolicy()
    {
        LittleEndian.WriteInt32(_policyCell, ResultCell.HeadBytes, _generation);
        ResultCell.Seal(_policyCell, 0, ResultCell.Policy, NextSequence, PolicyOffset + _policyLength);
        int position = _cells * _cellBytes;
        _cells++;
        Write(_file, position, _policyCell, 0, ResultCell.HeadBytes + PolicyOffset + _policyLength);
    }

    private bool Write(int file, int position, byte[] buffer, int offset, int count)
    {
        return _store.Open(file) && _store.Write(file, position, buffer, offset, count) && _store.Flush(file);
    }

    /// <summary>Takes over a file: the highest numbers, and whether it is the one that grows.</summary>
    /// <returns>The lowest sequence number of a result in it, or <paramref name="oldest"/> if that is lower.</returns>
    private long Scan(int file, long oldest)
    {
        int length = _store.Length(file);
        if (length <= 0 || !_store.Open(file))
            return oldest;
        int cells = (length + _cellBytes - 1) / _cellBytes;
        for (int cell = 0; cell < cells; cell++)
        {
            int kind = ResultCell.Read(_store, file, cell * _cellBytes, _buffer, _offset, _cellBytes);
            long sequence = ResultCell.Sequence(_buffer, _offset);
            if (kind == ResultCell.Record)
            {
                if (sequence >= NextSequence)
                    NextSequence = sequence + 1;
                if (sequence < oldest)
                    oldest = sequence;
            }
            else if (kind == ResultCell.Header)
            {
                ScanHeader(file, cells, sequence);
            }
            else if (kind == ResultCell.Policy)
            {
                ScanPolicy();
            }
        }
        return oldest;
    }

    private void ScanHeader(int file, int cells, long sequence)
    {
        int generation = BitConverter.ToInt32(_buffer, BodyOffset);
        if (sequence > NextSequence)
            NextSequence = sequence;
        if (generation <= _generation)
            return;
        _generation = generation;
        _file = file;
        _cells = cells;
        _fileFirst = sequence;
        _first = BitConverter.ToInt64(_buffer, BodyOffset + 4);
    }

    private void ScanPolicy()
    {
        int generation = BitConverter.ToInt32(_buffer, BodyOffset);
        int length = ResultCell.Length(_buffer, _offset) - PolicyOffset;
        if (generation < _policyGeneration || length > PolicyBytesMax)
            return;
        _policyGeneration = generation;
        _policyLength = length;
        Array.Copy(_buffer, BodyOffset + PolicyOffset, _policyCell, ResultCell.HeadBytes + PolicyOffset, length);
    }

    private static int Other(int file)
    {
        return file == StoreFile.Results0 ? StoreFile.Results1 : StoreFile.Results0;
    }
}
