using System;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>The AES key wrap algorithm (RFC 3394) for keys of 128 bits. Allocates nothing after construction. Not thread-safe.</summary>
public sealed class AesKeyWrap
{
    /// <summary>Bytes of a wrapped key.</summary>
    public const int WrappedBytes = Aes128.KeyBytes + 8;

    private const int Steps = 6;

    /// <summary>Each byte of the initial value (section 2.2.3.1).</summary>
    private const byte InitialByte = 0xA6;

    private readonly Aes128 _cipher;
    private readonly byte[] _block = new byte[Aes128.BlockBytes];
    private readonly byte[] _key = new byte[Aes128.KeyBytes];

    /// <summary>Creates the algorithm for a cipher that has the key-encryption key, which others may use as well.</summary>
    public AesKeyWrap(Aes128 cipher)
    {
        _cipher = cipher;
    }

    /// <summary>Wraps a key (section 2.2.1).</summary>
    /// <param name="key">Holds the key.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="wrapped">Takes the <see cref="WrappedBytes"/> bytes of the wrapped key.</param>
    /// <param name="index">Where the first goes.</param>
    public void Wrap(byte[] key, int offset, byte[] wrapped, int index)
    {
        Array.Copy(key, offset, _key, 0, Aes128.KeyBytes);
        for (int i = 0; i < 8; i++)
            _block[i] = InitialByte;
        for (int step = 1; step <= 2 * Steps; step++)
        {
            int half = (step & 1) == 1 ? 0 : 8;
            Array.Copy(_key, half, _block, 8, 8);
            _cipher.Encrypt(_block, 0, _block, 0);
            _block[7] ^= (byte)step;
            Array.Copy(_block, 8, _key, half, 8);
        }
        Array.Copy(_block, 0, wrapped, index, 8);
        Array.Copy(_key, 0, wrapped, index + 8, Aes128.KeyBytes);
        Clear();
    }

    /// <summary>Unwraps a key (section 2.2.2).</summary>
    /// <param name="wrapped">Holds the wrapped key.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="key">Takes the key's <see cref="Aes128.KeyBytes"/> bytes.</param>
    /// <param name="index">Where the first goes.</param>
    /// <returns>Whether the wrapped key is whole and was wrapped under this key-encryption key; nothing is written otherwise.</returns>
    public bool Unwrap(byte[] wrapped, int offset, byte[] key, int index)
    {
        Array.Copy(wrapped, offset, _block, 0, 8);
        Array.Copy(wrapped, offset + 8, _key, 0, Aes128.KeyBytes);
        for (int step = 2 * Steps; step > 0; step--)
        {
            int half = (step & 1) == 1 ? 0 : 8;
            _block[7] ^= (byte)step;
            Array.Copy(_key, half, _block, 8, 8);
            _cipher.Decrypt(_block, 0, _block, 0);
            Array.Copy(_block, 8, _key, half, 8);
        }
        int difference = 0;
        for (int i = 0; i < 8; i++)
            difference |= _block[i] ^ InitialByte;
        if (difference == 0)
            Array.Copy(_key, 0, key, index, Aes128.KeyBytes);
        Clear();
        return difference == 0;
    }

    private void Clear()
    {
        Array.Clear(_block, 0, _block.Length);
        Array.Clear(_key, 0, _key.Length);
    }
}
