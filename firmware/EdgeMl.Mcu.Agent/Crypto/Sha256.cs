using System;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>SHA-256 (FIPS 180-4) of data that comes in pieces. Allocates nothing after construction. Not thread-safe.</summary>
public sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 32;

    /// <summary>Bytes that are compressed at a time.</summary>
    public const int BlockBytes = 64;

    private const int LengthOffset = BlockBytes - 8;

    private readonly uint[] _state = new uint[8];
    private readonly byte[] _block = new byte[BlockBytes];
    private int _used;
    private long _length;

    /// <summary>Creates a hash of no data.</summary>
    public Sha256()
    {
        Reset();
    }

    /// <summary>Forgets all data.</summary>
    public void Reset()
    {
        Sha256Block.Start(_state);
        _used = 0;
        _length = 0;
    }

    /// <summary>Appends bytes to the data.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="data"/>.</param>
    public void Append(byte[] data, int offset, int count)
    {
        _length += count;
        if (_used > 0)
        {
            int part = count < BlockBytes - _used ? count : BlockBytes - _used;
            Array.Copy(data, offset, _block, _used, part);
            offset += part;
            count -= part;
            _used += part;
            if (_used < BlockBytes)
                return;
            Sha256Block.Compress(_state, _block, 0);
            _used = 0;
        }
        while (count >= BlockBytes)
        {
            Sha256Block.Compress(_state, data, offset);
            offset += BlockBytes;
            count -= BlockBytes;
        }
        Array.Copy(data, offset, _block, 0, count);
        _used = count;
    }

    /// <summary>Gives the digest of the data and forgets the data.</summary>
    /// <param name="digest">Takes the digest.</param>
    /// <param name="index">Where its first byte goes.</param>
    public void Finish(byte[] digest, int index)
    {
        Finish(digest, index, DigestBytes);
    }

    /// <summary>Gives the first bytes of the digest of the data (24 of them are SHA-256/192 of NIST SP 800-208) and forgets the data.</summary>
    /// <param name="digest">Takes them.</param>
    /// <param name="index">Where the first goes.</param>
    /// <param name="count">Their number, a multiple of 4 up to <see cref="DigestBytes"/>.</param>
    public void Finish(byte[] digest, int index, int count)
    {
        Complete();
        for (int i = 0; i < count; i += 4)
            BigEndian.Write(_state[i >> 2], digest, index + i);
        Reset();
    }

    /// <summary>Compares the first bytes of the digest of the data in constant time, and forgets the data.</summary>
    /// <param name="digest">Holds what they should be.</param>
    /// <param name="index">Index of the first.</param>
    /// <param name="count">Their number, a multiple of 4 up to <see cref="DigestBytes"/>.</param>
    /// <returns>Whether they are the same.</returns>
    public bool Verify(byte[] digest, int index, int count)
    {
        Complete();
        uint difference = 0;
        for (int i = 0; i < count; i += 4)
            difference |= _state[i >> 2] ^ BigEndian.Read(digest, index + i);
        Reset();
        return difference == 0;
    }

    private void Complete()
    {
        _block[_used++] = 0x80;
        if (_used > LengthOffset)
        {
            Array.Clear(_block, _used, BlockBytes - _used);
            Sha256Block.Compress(_state, _block, 0);
            _used = 0;
        }
        Array.Clear(_block, _used, LengthOffset - _used);
        BigEndian.Write((uint)(_length >> 29), _block, LengthOffset);
        BigEndian.Write((uint)(_length << 3), _block, LengthOffset + 4);
        Sha256Block.Compress(_state, _block, 0);
    }

    /// <summary>Copies the state after one whole block.</summary>
    internal void Save(uint[] state)
    {
        Array.Copy(_state, state, 8);
    }

    /// <summary>Continues from a state after one whole block.</summary>
    internal void Restore(uint[] state)
    {
        Array.Copy(state, _state, 8);
        _used = 0;
        _length = BlockBytes;
    }
}
