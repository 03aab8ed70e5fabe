using System;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Device.Energy;

/// <summary>What the energy policy must remember through deep sleep, in a file of the store. It is written when a radio window ends and when the level changes.</summary>
/// <remarks>16 bytes, little-endian: level, 4 bytes; time at which the last window ended, 8 bytes; CRC-32 of both. A record that is torn or missing costs one radio window.</remarks>
public sealed class EnergyRecord
{
    /// <summary>Number of the file in the store, behind those of the agent.</summary>
    public const int File = StoreFile.Count;

    private const int Bytes = 16;
    private const int TimeOffset = 4;
    private const int ChecksumOffset = 12;

    private readonly FileStore _store;
    private readonly byte[] _record = new byte[Bytes];

    /// <summary>Creates it; nothing is read yet.</summary>
    /// <param name="store">A store that has the file <see cref="File"/>; null where nothing is remembered.</param>
    public EnergyRecord(FileStore store)
    {
        _store = store;
    }

    /// <summary>Number of the level.</summary>
    public int Level { get; private set; }

    /// <summary>When the last radio window ended, in milliseconds of a clock that runs through deep sleep.</summary>
    public long WindowEnd { get; private set; }

    /// <summary>Reads the record.</summary>
    /// <returns>Whether there is a whole one.</returns>
    public bool Read()
    {
        if (_store == null || _store.Length(File) < Bytes || !_store.Open(File) || !_store.Read(File, 0, _record, 0, Bytes))
            return false;
        if (Crc32.Compute(_record, 0, ChecksumOffset) != BitConverter.ToUInt32(_record, ChecksumOffset))
            return false;
        Level = BitConverter.ToInt32(_record, 0);
        WindowEnd = BitConverter.ToInt64(_record, TimeOffset);
        return true;
    }

    /// <summary>Writes the record and makes it durable.</summary>
    /// <param name="level">Number of the level.</param>
    /// <param name="windowEnd">When the last radio window ended.</param>
    /// <returns>False where the store failed.</returns>
    public bool Write(int level, long windowEnd)
    {
        Level = level;
        WindowEnd = windowEnd;
        if (_store == null)
            return true;
        Array.Copy(BitConverter.GetBytes(level), 0, _record, 0, 4);
        Array.Copy(BitConverter.GetBytes(windowEnd), 0, _record, TimeOffset, 8);
        Array.Copy(BitConverter.GetBytes(Crc32.Compute(_record, 0, ChecksumOffset)), 0, _record, ChecksumOffset, 4);
        return _store.Open(File) && _store.Write(File, 0, _record, 0, Bytes) && _store.Flush(File);
    }
}
