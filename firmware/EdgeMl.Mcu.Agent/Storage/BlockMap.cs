using System;

namespace EdgeMl.Mcu.Agent.Storage;

/// <summary>Which blocks of a file are there. It lives in RAM; after a reboot <see cref="Scan"/> finds it again from the file's bytes.</summary>
public sealed class BlockMap
{
    private readonly byte[] _present;

    /// <summary>Creates an empty map.</summary>
    /// <param name="blocksMax">Most blocks that a file may have. The map takes one bit for each.</param>
    public BlockMap(int blocksMax)
    {
        _present = new byte[(blocksMax + 7) >> 3];
    }

    /// <summary>Blocks of the file.</summary>
    public int Count { get; private set; }

    /// <summary>Blocks that are there.</summary>
    public int Present { get; private set; }

    /// <summary>Bytes of the file, once it is complete.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of each block but the last.</summary>
    public int BlockBytes { get; private set; }

    /// <summary>Whether every block is there.</summary>
    public bool IsComplete => Present == Count;

    /// <summary>Describes a file of which nothing is there.</summary>
    /// <param name="length">Bytes of the complete file, 0 or more.</param>
    /// <param name="blockBytes">Bytes of a block, 1 or more.</param>
    /// <returns>False where the file has more blocks than the map; the map is empty then.</returns>
    public bool Reset(int length, int blockBytes)
    {
        Array.Clear(_present, 0, _present.Length);
        Present = 0;
        Count = 0;
        Length = 0;
        BlockBytes = blockBytes;
        int count = length / blockBytes;
        if (count * blockBytes < length)
            count++;
        if (count > _present.Length << 3)
            return false;
        Count = count;
        Length = length;
        return true;
    }

    /// <summary>Bytes of a block.</summary>
    /// <param name="block">0 to <see cref="Count"/> - 1.</param>
    public int LengthOf(int block)
    {
        int rest = Length - (block * BlockBytes);
        return rest < BlockBytes ? rest : BlockBytes;
    }

    /// <summary>Whether a block is there.</summary>
    /// <param name="block">0 to <see cref="Count"/> - 1.</param>
    public bool IsPresent(int block)
    {
        return (_present[block >> 3] & (1 << (block & 7))) != 0;
    }

    /// <summary>Notes that a block is there.</summary>
    /// <param name="block">0 to <see cref="Count"/> - 1.</param>
    public void Add(int block)
    {
        if (IsPresent(block))
            return;
        _present[block >> 3] |= (byte)(1 << (block & 7));
        Present++;
    }

    /// <summary>The first block from a number on that is missing, or -1.</summary>
    /// <param name="block">0 or more.</param>
    public int NextMissing(int block)
    {
        for (; block < Count; block++)
        {
            if (!IsPresent(block))
                return block;
        }
        return -1;
    }

    /// <summary>Reads every block of the file that the map misses, and adds those that are right. A block that cannot be read stays missing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="file">A number of <see cref="StoreFile"/>.</param>
    /// <param name="check">Compares a block with its hash.</param>
    /// <param name="buffer">At least <see cref="BlockBytes"/> bytes of scratch.</param>
    public void Scan(FileStore store, int file, BlockCheck check, byte[] buffer)
    {
        int there = store.Length(file);
        if (there <= 0 || !store.Open(file))
            return;
        for (int block = NextMissing(0); block >= 0; block = NextMissing(block + 1))
        {
            int offset = block * BlockBytes;
            int count = LengthOf(block);
            if (offset + count > there)
                return;
            if (store.Read(file, offset, buffer, 0, count) && check.Matches(block, buffer, 0, count))
                Add(block);
        }
    }
}
