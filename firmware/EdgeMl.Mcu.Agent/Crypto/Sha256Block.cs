using System;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>The compression function of SHA-256 (FIPS 180-4, section 6.2.2).</summary>
/// <remarks>
/// A 32-bit word x is held as x * (2^32 + 1), twice in a row, so that one shift to the right rotates the lower copy, and one by 32 + n shifts x itself in.
/// Sums and shifts leave the upper copy undefined; it is made again where a word becomes part of the state or of the schedule.
/// </remarks>
internal static class Sha256Block
{
    private const ulong Twice = 0x1_0000_0001;

    /// <summary>Multiplies a word whose halves are in the wrong order: all but the lowest half of the two copies in the right order.</summary>
    private const ulong TwiceSwapped = 0x0001_0000_0001_0000;

    private const ulong EvenBytes = 0x00FF_00FF_00FF_00FF;

    // Rows of 16 rounds, so that a round takes its constant from a constant place.
    private static readonly uint[][] RoundConstants =
    {
        new uint[] { 0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174 },
        new uint[] { 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967 },
        new uint[] { 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070 },
        new uint[] { 0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2 },
    };

    /// <summary>Sets a state of eight words to the initial hash value (section 5.3.3).</summary>
    internal static void Start(uint[] state)
    {
        state[0] = 0x6A09E667;
        state[1] = 0xBB67AE85;
        state[2] = 0x3C6EF372;
        state[3] = 0xA54FF53A;
        state[4] = 0x510E527F;
        state[5] = 0x9B05688C;
        state[6] = 0x1F83D9AB;
        state[7] = 0x5BE0CD19;
    }

    /// <summary>Adds a block of 64 bytes to a state. Unrolled by 16 rounds: the state and the schedule stay in locals.</summary>
    internal static void Compress(uint[] state, byte[] data, int offset)
    {
        ulong x = SwapPairs(BitConverter.ToUInt64(data, offset));
        ulong w0 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w1 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 8));
        ulong w2 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w3 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 16));
        ulong w4 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w5 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 24));
        ulong w6 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w7 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 32));
        ulong w8 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w9 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 40));
        ulong w10 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w11 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 48));
        ulong w12 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w13 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        x = SwapPairs(BitConverter.ToUInt64(data, offset + 56));
        ulong w14 = ((ulong)(uint)x * TwiceSwapped) + ((uint)x >> 16), w15 = ((x >> 32) * TwiceSwapped) + (x >> 48);
        ulong a = state[0] * Twice, b = state[1] * Twice, c = state[2] * Twice, d = state[3] * Twice;
        ulong e = state[4] * Twice, f = state[5] * Twice, g = state[6] * Twice, h = state[7] * Twice;
        for (int row = 0; row < 4; row++)
        {
            if (row > 0)
            {
                w0 = (uint)(w0 + w9 + ((((w1 >> 11) ^ w1) >> 7) ^ (w1 >> 35)) + ((((w14 >> 2) ^ w14) >> 17) ^ (w14 >> 42))) * Twice;
                w1 = (uint)(w1 + w10 + ((((w2 >> 11) ^ w2) >> 7) ^ (w2 >> 35)) + ((((w15 >> 2) ^ w15) >> 17) ^ (w15 >> 42))) * Twice;
                w2 = (uint)(w2 + w11 + ((((w3 >> 11) ^ w3) >> 7) ^ (w3 >> 35)) + ((((w0 >> 2) ^ w0) >> 17) ^ (w0 >> 42))) * Twice;
                w3 = (uint)(w3 + w12 + ((((w4 >> 11) ^ w4) >> 7) ^ (w4 >> 35)) + ((((w1 >> 2) ^ w1) >> 17) ^ (w1 >> 42))) * Twice;
                w4 = (uint)(w4 + w13 + ((((w5 >> 11) ^ w5) >> 7) ^ (w5 >> 35)) + ((((w2 >> 2) ^ w2) >> 17) ^ (w2 >> 42))) * Twice;
                w5 = (uint)(w5 + w14 + ((((w6 >> 11) ^ w6) >> 7) ^ (w6 >> 35)) + ((((w3 >> 2) ^ w3) >> 17) ^ (w3 >> 42))) * Twice;
                w6 = (uint)(w6 + w15 + ((((w7 >> 11) ^ w7) >> 7) ^ (w7 >> 35)) + ((((w4 >> 2) ^ w4) >> 17) ^ (w4 >> 42))) * Twice;
                w7 = (uint)(w7 + w0 + ((((w8 >> 11) ^ w8) >> 7) ^ (w8 >> 35)) + ((((w5 >> 2) ^ w5) >> 17) ^ (w5 >> 42))) * Twice;
                w8 = (uint)(w8 + w1 + ((((w9 >> 11) ^ w9) >> 7) ^ (w9 >> 35)) + ((((w6 >> 2) ^ w6) >> 17) ^ (w6 >> 42))) * Twice;
                w9 = (uint)(w9 + w2 + ((((w10 >> 11) ^ w10) >> 7) ^ (w10 >> 35)) + ((((w7 >> 2) ^ w7) >> 17) ^ (w7 >> 42))) * Twice;
                w10 = (uint)(w10 + w3 + ((((w11 >> 11) ^ w11) >> 7) ^ (w11 >> 35)) + ((((w8 >> 2) ^ w8) >> 17) ^ (w8 >> 42))) * Twice;
                w11 = (uint)(w11 + w4 + ((((w12 >> 11) ^ w12) >> 7) ^ (w12 >> 35)) + ((((w9 >> 2) ^ w9) >> 17) ^ (w9 >> 42))) * Twice;
                w12 = (uint)(w12 + w5 + ((((w13 >> 11) ^ w13) >> 7) ^ (w13 >> 35)) + ((((w10 >> 2) ^ w10) >> 17) ^ (w10 >> 42))) * Twice;
                w13 = (uint)(w13 + w6 + ((((w14 >> 11) ^ w14) >> 7) ^ (w14 >> 35)) + ((((w11 >> 2) ^ w11) >> 17) ^ (w11 >> 42))) * Twice;
                w14 = (uint)(w14 + w7 + ((((w15 >> 11) ^ w15) >> 7) ^ (w15 >> 35)) + ((((w12 >> 2) ^ w12) >> 17) ^ (w12 >> 42))) * Twice;
                w15 = (uint)(w15 + w8 + ((((w0 >> 11) ^ w0) >> 7) ^ (w0 >> 35)) + ((((w13 >> 2) ^ w13) >> 17) ^ (w13 >> 42))) * Twice;
            }
            uint[] k = RoundConstants[row];
            h += ((((((e >> 14) ^ e) >> 5) ^ e) >> 6) + (g ^ (e & (f ^ g)))) + k[0] + w0;
            d = (uint)(d + h) * Twice;
            h = (uint)(h + ((((((a >> 9) ^ a) >> 11) ^ a) >> 2) + ((a & b) | (c & (a | b))))) * Twice;
            g += ((((((d >> 14) ^ d) >> 5) ^ d) >> 6) + (f ^ (d & (e ^ f)))) + k[1] + w1;
            c = (uint)(c + g) * Twice;
            g = (uint)(g + ((((((h >> 9) ^ h) >> 11) ^ h) >> 2) + ((h & a) | (b & (h | a))))) * Twice;
            f += ((((((c >> 14) ^ c) >> 5) ^ c) >> 6) + (e ^ (c & (d ^ e)))) + k[2] + w2;
            b = (uint)(b + f) * Twice;
            f = (uint)(f + ((((((g >> 9) ^ g) >> 11) ^ g) >> 2) + ((g & h) | (a & (g | h))))) * Twice;
            e += ((((((b >> 14) ^ b) >> 5) ^ b) >> 6) + (d ^ (b & (c ^ d)))) + k[3] + w3;
            a = (uint)(a + e) * Twice;
            e = (uint)(e + ((((((f >> 9) ^ f) >> 11) ^ f) >> 2) + ((f & g) | (h & (f | g))))) * Twice;
            d += ((((((a >> 14) ^ a) >> 5) ^ a) >> 6) + (c ^ (a & (b ^ c)))) + k[4] + w4;
            h = (uint)(h + d) * Twice;
            d = (uint)(d + ((((((e >> 9) ^ e) >> 11) ^ e) >> 2) + ((e & f) | (g & (e | f))))) * Twice;
            c += ((((((h >> 14) ^ h) >> 5) ^ h) >> 6) + (b ^ (h & (a ^ b)))) + k[5] + w5;
            g = (uint)(g + c) * Twice;
            c = (uint)(c + ((((((d >> 9) ^ d) >> 11) ^ d) >> 2) + ((d & e) | (f & (d | e))))) * Twice;
            b += ((((((g >> 14) ^ g) >> 5) ^ g) >> 6) + (a ^ (g & (h ^ a)))) + k[6] + w6;
            f = (uint)(f + b) * Twice;
            b = (uint)(b + ((((((c >> 9) ^ c) >> 11) ^ c) >> 2) + ((c & d) | (e & (c | d))))) * Twice;
            a += ((((((f >> 14) ^ f) >> 5) ^ f) >> 6) + (h ^ (f & (g ^ h)))) + k[7] + w7;
            e = (uint)(e + a) * Twice;
            a = (uint)(a + ((((((b >> 9) ^ b) >> 11) ^ b) >> 2) + ((b & c) | (d & (b | c))))) * Twice;
            h += ((((((e >> 14) ^ e) >> 5) ^ e) >> 6) + (g ^ (e & (f ^ g)))) + k[8] + w8;
            d = (uint)(d + h) * Twice;
            h = (uint)(h + ((((((a >> 9) ^ a) >> 11) ^ a) >> 2) + ((a & b) | (c & (a | b))))) * Twice;
            g += ((((((d >> 14) ^ d) >> 5) ^ d) >> 6) + (f ^ (d & (e ^ f)))) + k[9] + w9;
            c = (uint)(c + g) * Twice;
            g = (uint)(g + ((((((h >> 9) ^ h) >> 11) ^ h) >> 2) + ((h & a) | (b & (h | a))))) * Twice;
            f += ((((((c >> 14) ^ c) >> 5) ^ c) >> 6) + (e ^ (c & (d ^ e)))) + k[10] + w10;
            b = (uint)(b + f) * Twice;
            f = (uint)(f + ((((((g >> 9) ^ g) >> 11) ^ g) >> 2) + ((g & h) | (a & (g | h))))) * Twice;
            e += ((((((b >> 14) ^ b) >> 5) ^ b) >> 6) + (d ^ (b & (c ^ d)))) + k[11] + w11;
            a = (uint)(a + e) * Twice;
            e = (uint)(e + ((((((f >> 9) ^ f) >> 11) ^ f) >> 2) + ((f & g) | (h & (f | g))))) * Twice;
            d += ((((((a >> 14) ^ a) >> 5) ^ a) >> 6) + (c ^ (a & (b ^ c)))) + k[12] + w12;
            h = (uint)(h + d) * Twice;
            d = (uint)(d + ((((((e >> 9) ^ e) >> 11) ^ e) >> 2) + ((e & f) | (g & (e | f))))) * Twice;
            c += ((((((h >> 14) ^ h) >> 5) ^ h) >> 6) + (b ^ (h & (a ^ b)))) + k[13] + w13;
            g = (uint)(g + c) * Twice;
            c = (uint)(c + ((((((d >> 9) ^ d) >> 11) ^ d) >> 2) + ((d & e) | (f & (d | e))))) * Twice;
            b += ((((((g >> 14) ^ g) >> 5) ^ g) >> 6) + (a ^ (g & (h ^ a)))) + k[14] + w14;
            f = (uint)(f + b) * Twice;
            b = (uint)(b + ((((((c >> 9) ^ c) >> 11) ^ c) >> 2) + ((c & d) | (e & (c | d))))) * Twice;
            a += ((((((f >> 14) ^ f) >> 5) ^ f) >> 6) + (h ^ (f & (g ^ h)))) + k[15] + w15;
            e = (uint)(e + a) * Twice;
            a = (uint)(a + ((((((b >> 9) ^ b) >> 11) ^ b) >> 2) + ((b & c) | (d & (b | c))))) * Twice;
        }
        state[0] += (uint)a;
        state[1] += (uint)b;
        state[2] += (uint)c;
        state[3] += (uint)d;
        state[4] += (uint)e;
        state[5] += (uint)f;
        state[6] += (uint)g;
        state[7] += (uint)h;
    }

    /// <summary>Exchanges the bytes of each pair.</summary>
    private static ulong SwapPairs(ulong x)
    {
        return ((x & EvenBytes) << 8) | ((x >> 8) & EvenBytes);
    }
}
