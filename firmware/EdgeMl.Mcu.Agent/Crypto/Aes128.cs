namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>The block cipher AES-128 (FIPS 197). Keeps one table of 256 bytes. Allocates nothing after construction. Not thread-safe.</summary>
public sealed class Aes128
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 16;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 16;

    private const int Rounds = 10;
    private const ulong Twice = 0x1_0000_0001;

    private readonly byte[] _substitution = Substitution();
    private readonly uint[] _keys = new uint[4 * (Rounds + 1)];

    /// <summary>Takes a key; to be called before the first block.</summary>
    /// <param name="key">Holds the key's <see cref="KeyBytes"/> bytes; they are not kept.</param>
    /// <param name="offset">Index of the first.</param>
    public void SetKey(byte[] key, int offset)
    {
        for (int i = 0; i < 4; i++)
            _keys[i] = BigEndian.Read(key, offset + (4 * i));
        uint constant = 0x01000000;
        for (int i = 4; i < _keys.Length; i++)
        {
            uint word = _keys[i - 1];
            if ((i & 3) == 0)
            {
                word = (word << 8) | (word >> 24);
                word = Substitute(_substitution, word, word, word, word) ^ constant;
                constant = Double(constant);
            }
            _keys[i] = _keys[i - 4] ^ word;
        }
    }

    /// <summary>Encrypts one block; the two ranges may be the same.</summary>
    /// <param name="input">Holds the block.</param>
    /// <param name="inputOffset">Index of its first byte.</param>
    /// <param name="output">Takes the encrypted block.</param>
    /// <param name="outputOffset">Where its first byte goes.</param>
    public void Encrypt(byte[] input, int inputOffset, byte[] output, int outputOffset)
    {
        byte[] substitution = _substitution;
        uint[] keys = _keys;
        uint a = BigEndian.Read(input, inputOffset) ^ keys[0];
        uint b = BigEndian.Read(input, inputOffset + 4) ^ keys[1];
        uint c = BigEndian.Read(input, inputOffset + 8) ^ keys[2];
        uint d = BigEndian.Read(input, inputOffset + 12) ^ keys[3];
        for (int k = 4; k < 4 * Rounds; k += 4)
        {
            uint e = Mix(Substitute(substitution, a, b, c, d)) ^ keys[k];
            uint f = Mix(Substitute(substitution, b, c, d, a)) ^ keys[k + 1];
            uint g = Mix(Substitute(substitution, c, d, a, b)) ^ keys[k + 2];
            d = Mix(Substitute(substitution, d, a, b, c)) ^ keys[k + 3];
            a = e;
            b = f;
            c = g;
        }
        BigEndian.Write(Substitute(substitution, a, b, c, d) ^ keys[4 * Rounds], output, outputOffset);
        BigEndian.Write(Substitute(substitution, b, c, d, a) ^ keys[(4 * Rounds) + 1], output, outputOffset + 4);
        BigEndian.Write(Substitute(substitution, c, d, a, b) ^ keys[(4 * Rounds) + 2], output, outputOffset + 8);
        BigEndian.Write(Substitute(substitution, d, a, b, c) ^ keys[(4 * Rounds) + 3], output, outputOffset + 12);
    }

    /// <summary>Decrypts one block; the two ranges may be the same.</summary>
    /// <param name="input">Holds the encrypted block.</param>
    /// <param name="inputOffset">Index of its first byte.</param>
    /// <param name="output">Takes the block.</param>
    /// <param name="outputOffset">Where its first byte goes.</param>
    public void Decrypt(byte[] input, int inputOffset, byte[] output, int outputOffset)
    {
        uint[] keys = _keys;
        uint a = BigEndian.Read(input, inputOffset) ^ keys[4 * Rounds];
        uint b = BigEndian.Read(input, inputOffset + 4) ^ keys[(4 * Rounds) + 1];
        uint c = BigEndian.Read(input, inputOffset + 8) ^ keys[(4 * Rounds) + 2];
        uint d = BigEndian.Read(input, inputOffset + 12) ^ keys[(4 * Rounds) + 3];
        for (int k = 4 * (Rounds - 1); k >= 0; k -= 4)
        {
            uint e = InverseSubstitute(a, d, c, b) ^ keys[k];
            uint f = InverseSubstitute(b, a, d, c) ^ keys[k + 1];
            uint g = InverseSubstitute(c, b, a, d) ^ keys[k + 2];
            uint h = InverseSubstitute(d, c, b, a) ^ keys[k + 3];
            a = k == 0 ? e : InverseMix(e);
            b = k == 0 ? f : InverseMix(f);
            c = k == 0 ? g : InverseMix(g);
            d = k == 0 ? h : InverseMix(h);
        }
        BigEndian.Write(a, output, outputOffset);
        BigEndian.Write(b, output, outputOffset + 4);
        BigEndian.Write(c, output, outputOffset + 8);
        BigEndian.Write(d, output, outputOffset + 12);
    }

    /// <summary>SubBytes of the column that ShiftRows makes: row 0 of <paramref name="a"/>, row 1 of <paramref name="b"/> and so on.</summary>
    private static uint Substitute(byte[] substitution, uint a, uint b, uint c, uint d)
    {
        return ((uint)substitution[a >> 24] << 24) | ((uint)substitution[(byte)(b >> 16)] << 16) | ((uint)substitution[(byte)(c >> 8)] << 8) | substitution[(byte)d];
    }

    private uint InverseSubstitute(uint a, uint b, uint c, uint d)
    {
        return ((uint)InverseSubstitute((byte)(a >> 24)) << 24) | ((uint)InverseSubstitute((byte)(b >> 16)) << 16) | ((uint)InverseSubstitute((byte)(c >> 8)) << 8) | InverseSubstitute((byte)d);
    }

    /// <summary>
    /// The substitution is an inversion in GF(2^8) and then an affine map A (section 5.1.1), so its inverse is what it is itself between two inverses of A.
    /// </summary>
    private byte InverseSubstitute(byte value)
    {
        return InverseAffine(_substitution[InverseAffine(value)]);
    }

    private static byte InverseAffine(byte value)
    {
        int twice = value * 0x101;
        return (byte)((twice >> 7) ^ (twice >> 5) ^ (twice >> 2) ^ 0x05);
    }

    /// <summary>MixColumns of one column (section 5.1.3).</summary>
    private static uint Mix(uint column)
    {
        ulong twice = column * Twice;
        return (uint)(((((twice >> 8) ^ twice) >> 8) ^ twice) >> 8) ^ Double(column ^ (uint)(twice >> 24));
    }

    /// <summary>InvMixColumns of one column: its matrix is that of MixColumns times {05, 00, 04, 00}.</summary>
    private static uint InverseMix(uint column)
    {
        return Mix(column ^ Double(Double(column ^ ((column << 16) | (column >> 16)))));
    }

    /// <summary>Each of four bytes times {02} in GF(2^8).</summary>
    private static uint Double(uint bytes)
    {
        return ((bytes & 0x7F7F7F7F) << 1) ^ (((bytes >> 7) & 0x01010101) * 0x1B);
    }

    /// <summary>The substitution box (figure 7), a new copy: a static one would take memory on devices that never decrypt.</summary>
    private static byte[] Substitution()
    {
        return new byte[]
        {
            0x63, 0x7C, 0x77, 0x7B, 0xF2, 0x6B, 0x6F, 0xC5, 0x30, 0x01, 0x67, 0x2B, 0xFE, 0xD7, 0xAB, 0x76,
            0xCA, 0x82, 0xC9, 0x7D, 0xFA, 0x59, 0x47, 0xF0, 0xAD, 0xD4, 0xA2, 0xAF, 0x9C, 0xA4, 0x72, 0xC0,
            0xB7, 0xFD, 0x93, 0x26, 0x36, 0x3F, 0xF7, 0xCC, 0x34, 0xA5, 0xE5, 0xF1, 0x71, 0xD8, 0x31, 0x15,
            0x04, 0xC7, 0x23, 0xC3, 0x18, 0x96, 0x05, 0x9A, 0x07, 0x12, 0x80, 0xE2, 0xEB, 0x27, 0xB2, 0x75,
            0x09, 0x83, 0x2C, 0x1A, 0x1B, 0x6E, 0x5A, 0xA0, 0x52, 0x3B, 0xD6, 0xB3, 0x29, 0xE3, 0x2F, 0x84,
            0x53, 0xD1, 0x00, 0xED, 0x20, 0xFC, 0xB1, 0x5B, 0x6A, 0xCB, 0xBE, 0x39, 0x4A, 0x4C, 0x58, 0xCF,
            0xD0, 0xEF, 0xAA, 0xFB, 0x43, 0x4D, 0x33, 0x85, 0x45, 0xF9, 0x02, 0x7F, 0x50, 0x3C, 0x9F, 0xA8,
            0x51, 0xA3, 0x40, 0x8F, 0x92, 0x9D, 0x38, 0xF5, 0xBC, 0xB6, 0xDA, 0x21, 0x10, 0xFF, 0xF3, 0xD2,
            0xCD, 0x0C, 0x13, 0xEC, 0x5F, 0x97, 0x44, 0x17, 0xC4, 0xA7, 0x7E, 0x3D, 0x64, 0x5D, 0x19, 0x73,
            0x60, 0x81, 0x4F, 0xDC, 0x22, 0x2A, 0x90, 0x88, 0x46, 0xEE, 0xB8, 0x14, 0xDE, 0x5E, 0x0B, 0xDB,
            0xE0, 0x32, 0x3A, 0x0A, 0x49, 0x06, 0x24, 0x5C, 0xC2, 0xD3, 0xAC, 0x62, 0x91, 0x95, 0xE4, 0x79,
            0xE7, 0xC8, 0x37, 0x6D, 0x8D, 0xD5, 0x4E, 0xA9, 0x6C, 0x56, 0xF4, 0xEA, 0x65, 0x7A, 0xAE, 0x08,
            0xBA, 0x78, 0x25, 0x2E, 0x1C, 0xA6, 0xB4, 0xC6, 0xE8, 0xDD, 0x74, 0x1F, 0x4B, 0xBD, 0x8B, 0x8A,
            0x70, 0x3E, 0xB5, 0x66, 0x48, 0x03, 0xF6, 0x0E, 0x61, 0x35, 0x57, 0xB9, 0x86, 0xC1, 0x1D, 0x9E,
            0xE1, 0xF8, 0x98, 0x11, 0x69, 0xD9, 0x8E, 0x94, 0x9B, 0x1E, 0x87, 0xE9, 0xCE, 0x55, 0x28, 0xDF,
            0x8C, 0xA1, 0x89, 0x0D, 0xBF, 0xE6, 0x42, 0x68, 0x41, 0x99, 0x2D, 0x0F, 0xB0, 0x54, 0xBB, 0x16,
        };
    }
}
