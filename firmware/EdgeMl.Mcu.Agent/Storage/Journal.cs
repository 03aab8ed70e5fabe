using System;
using L = EdgeMl.Mcu.Agent.Storage.JournalLayout;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>
/// The <see cref="JournalState"/> on a store, in two copies of which one grows: each commit appends one record of <see cref="JournalLayout"/> with a
/// higher sequence number and a CRC-32, and the record with the highest number that is whole is the state. Where the copy is full, or ends in something
/// that is not a whole record, the other copy is deleted and begins with the new record: the last durable record is never written over.
/// </summary>
/// <remarks>
/// A commit that returned false may still take effect at the next reboot if nothing is committed after it. Each commit must therefore lead from one
/// valid state to another.
/// </remarks>
public sealed class Journal
{
    private readonly FileStore _store;
    private readonly byte[] _committed = new byte[L.RecordBytes];
    private int _sequence;
    private int _copy;
    private int _records;
    private bool _appendable;

    /// <summary>Creates a journal on a store; <see cref="Open"/> comes before anything else.</summary>
    public Journal(FileStore store)
    {
        _store = store;
    }

    /// <summary>The state: of the newest record, with what was changed since.</summary>
    public JournalState State { get; } = new JournalState();

    /// <summary>Number of the newest record, 0 where there is none.</summary>
    public int Sequence => BitConverter.ToInt32(_committed, L.SequenceOffset);

    /// <summary>Reads the newest record; an empty store gives a state in which everything is zero.</summary>
    /// <returns><see cref="AgentError.Journal"/> where no record is whole and a copy could not be read.</returns>
    public AgentError Open()
    {
        Array.Clear(_committed, 0, L.RecordBytes);
        _appendable = false;
        _copy = 0;
        _sequence = 0;
        bool readable = Scan(0);
        readable &= Scan(1);
        Revert();
        return readable || Sequence > 0 ? AgentError.None : AgentError.Journal;
    }

    /// <summary>Makes <see cref="State"/> durable as one record.</summary>
    /// <returns>False where the store failed; <see cref="State"/> is then what it was after the last commit.</returns>
    public bool Commit()
    {
        // A number is never given twice, even where its record may not have become durable.
        _sequence++;
        State.Seal(_sequence);
        if (!(_appendable && _records < L.RecordsPerCopy && Append()) && !Compact())
        {
            Revert();
            return false;
        }
        Array.Copy(State.Record, 0, _committed, 0, L.RecordBytes);
        return true;
    }

    /// <summary>Drops the changes since the last commit.</summary>
    internal void Revert()
    {
        Array.Copy(_committed, 0, State.Record, 0, L.RecordBytes);
    }

    private bool Append()
    {
        _appendable = Write(_copy, _records * L.RecordBytes);
        _records++;
        return _appendable;
    }

    private bool Compact()
    {
        int other = 1 - _copy;
        if (!_store.Delete(FileOf(other)) || !Write(other, 0))
            return false;
        _store.Close(FileOf(_copy));
        _copy = other;
        _records = 1;
        _appendable = true;
        return true;
    }

    private bool Write(int copy, int offset)
    {
        int file = FileOf(copy);
        return _store.Open(file) && _store.Write(file, offset, State.Record, 0, L.RecordBytes) && _store.Flush(file);
    }

    /// <summary>Takes the newest record of a copy if it is newer than what is known.</summary>
    /// <returns>False where the copy could not be read to its end.</returns>
    private bool Scan(int copy)
    {
        int file = FileOf(copy);
        int length = _store.Length(file);
        if (length <= 0)
            return true;
        if (!_store.Open(file))
            return false;
        int whole = 0;
        bool newest = false;
        bool readable = true;
        for (int offset = 0; offset + L.RecordBytes <= length; offset += L.RecordBytes)
        {
            if (!_store.Read(file, offset, State.Record, 0, L.RecordBytes))
            {
                readable = false;
                continue;
            }
            if (!State.IsSealed())
                continue;
            whole++;
            if (State.Sequence > _sequence)
            {
                _sequence = State.Sequence;
                Array.Copy(State.Record, 0, _committed, 0, L.RecordBytes);
                newest = true;
            }
        }
        if (newest)
        {
            _copy = copy;
            _records = whole;
            _appendable = whole * L.RecordBytes == length;
        }
        return readable;
    }

    private static int FileOf(int copy)
    {
        return copy == 0 ? StoreFile.Journal0 : StoreFile.Journal1;
    }
}
