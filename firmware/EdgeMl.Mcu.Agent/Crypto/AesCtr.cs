using System;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>
/// AES-128 in counter mode (NIST SP 800-38A, section 6.5), at any place of the data and in place. A counter block is a nonce of 12 bytes and the number of the
/// 16-byte block, 32 bits, most significant byte first, 0 for the first. Allocates nothing after construction. Not thread-safe.
/// </summary>
public sealed class AesCtr
{
    /// <summary>Bytes of a nonce. The same nonce must never be used for two different plaintexts under one key.</summary>
    public const int NonceBytes = 12;

    /// <summary>Most bytes under one nonce: 2^32 blocks.</summary>
    public const long MaxBytes = 1L << 36;

    private readonly Aes128 _cipher;
    private readonly byte[] _counter = new byte[Aes128.BlockBytes];
    private readonly byte[] _stream = new byte[Aes128.BlockBytes];
    private long _streamBlock = -1;

    /// <summary>Creates the mode for a cipher, which others may use as well.</summary>
    public AesCtr(Aes128 cipher)
    {
        _cipher = cipher;
    }

    /// <summary>Takes another nonce. To be called too when the cipher has got another key.</summary>
    /// <param name="nonce">Holds its <see cref="NonceBytes"/> bytes; they are copied.</param>
    /// <param name="offset">Index of the first.</param>
    public void SetNonce(byte[] nonce, int offset)
    {
        Array.Copy(nonce, offset, _counter, 0, NonceBytes);
        _streamBlock = -1;
    }

    /// <summary>Encrypts or decrypts bytes in place; the two are the same.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="index">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="data"/>.</param>
    /// <param name="position">Place of the first in all the data under the nonce, 0 or more; all lie below <see cref="MaxBytes"/>.</param>
    public void Apply(byte[] data, int index, int count, long position)
    {
        byte[] stream = _stream;
        int end = index + count;
        while (index < end)
        {
            Generate(position >> 4);
            int from = (int)position & (Aes128.BlockBytes - 1);
            int part = end - index < Aes128.BlockBytes - from ? end - index : Aes128.BlockBytes - from;
            position += part;
            for (int last = from + part; from < last; from++)
                data[index++] ^= stream[from];
        }
    }

    private void Generate(long block)
    {
        if (block == _streamBlock)
            return;
        BigEndian.Write((uint)block, _counter, NonceBytes);
        _cipher.Encrypt(_counter, 0, _stream, 0);
        _streamBlock = block;
    }
}
