using System;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>
/// HMAC-SHA256 (RFC 2104, FIPS 198-1) of data that comes in pieces, for many messages under one key. Keeps the states after the padded key instead of the key.
/// Allocates nothing after construction. Not thread-safe.
/// </summary>
public sealed class HmacSha256
{
    /// <summary>Bytes of an authentication code.</summary>
    public const int CodeBytes = Sha256.DigestBytes;

    private const int InnerPad = 0x36;
    private const int OuterPad = 0x5C;

    private readonly Sha256 _hash;
    private readonly byte[] _block = new byte[Sha256.BlockBytes];
    private readonly uint[] _inner = new uint[8];
    private readonly uint[] _outer = new uint[8];

    /// <summary>Creates an instance with a key of no bytes.</summary>
    public HmacSha256()
        : this(new Sha256())
    {
    }

    /// <summary>Creates an instance with a key of no bytes that works with a hash which others use too, but not from <see cref="Reset"/> to the end of the message.</summary>
    public HmacSha256(Sha256 hash)
    {
        _hash = hash;
        SetKey(_block, 0, 0);
    }

    /// <summary>Takes another key and forgets the message.</summary>
    /// <param name="key">Holds the key; it is not kept.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="count">Its length, any; they lie within <paramref name="key"/>.</param>
    public void SetKey(byte[] key, int offset, int count)
    {
        Array.Clear(_block, 0, Sha256.BlockBytes);
        if (count > Sha256.BlockBytes)
        {
            _hash.Reset();
            _hash.Append(key, offset, count);
            _hash.Finish(_block, 0);
        }
        else
        {
            Array.Copy(key, offset, _block, 0, count);
        }
        Pad(InnerPad, _inner);
        Pad(InnerPad ^ OuterPad, _outer);
        Array.Clear(_block, 0, Sha256.BlockBytes);
        Reset();
    }

    /// <summary>Forgets the message, not the key.</summary>
    public void Reset()
    {
        _hash.Restore(_inner);
    }

    /// <summary>Appends bytes to the message.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="data"/>.</param>
    public void Append(byte[] data, int offset, int count)
    {
        _hash.Append(data, offset, count);
    }

    /// <summary>Gives the first bytes of the message's code and forgets the message, not the key.</summary>
    /// <param name="code">Takes them.</param>
    /// <param name="index">Where the first goes.</param>
    /// <param name="count">Their number, a multiple of 4 up to <see cref="CodeBytes"/>.</param>
    public void Finish(byte[] code, int index, int count)
    {
        Finish();
        Array.Copy(_block, 0, code, index, count);
    }

    /// <summary>Compares the first bytes of the message's code in constant time, and forgets the message, not the key.</summary>
    /// <param name="code">Holds the code that the message came with.</param>
    /// <param name="index">Index of its first byte.</param>
    /// <param name="count">Its length, a multiple of 4 up to <see cref="CodeBytes"/>.</param>
    /// <returns>Whether they are the same.</returns>
    public bool Verify(byte[] code, int index, int count)
    {
        Finish();
        return ConstantTime.AreEqual(_block, 0, code, index, count);
    }

    private void Finish()
    {
        _hash.Finish(_block, 0);
        _hash.Restore(_outer);
        _hash.Append(_block, 0, Sha256.DigestBytes);
        _hash.Finish(_block, 0);
        Reset();
    }

    private void Pad(int mask, uint[] state)
    {
        for (int i = 0; i < Sha256.BlockBytes; i++)
            _block[i] ^= (byte)mask;
        _hash.Reset();
        _hash.Append(_block, 0, Sha256.BlockBytes);
        _hash.Save(state);
    }
}
