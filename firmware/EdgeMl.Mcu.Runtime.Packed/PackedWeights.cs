using System;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// Three output channels in one 64-bit word: lanes of 21 bits, so that one multiplication with an activation and one addition do three
/// multiply-accumulates. A lane may overflow on the way, because words are summed modulo 2^64; only final sums must fit, see <see cref="SumLimit"/>.
/// </summary>
public static class PackedWeights
{
    /// <summary>Bits from one lane to the next.</summary>
    public const int LaneBits = 21;

    /// <summary>Lanes of a word.</summary>
    public const int Lanes = 3;

    /// <summary>Greatest absolute value of an int8 activation.</summary>
    public const int ActivationBound = 128;

    /// <summary>
    /// Greatest Σ|w| of one channel for which a sum of products with int8 activations, on top of what <see cref="PackedOutput.Flush"/> leaves, stays
    /// within ± 2^20.
    /// </summary>
    public const int SumLimit = ((1 << (LaneBits - 1)) - (1 << PackedOutput.FlushBits)) / ActivationBound;

    /// <summary>Packs weights of a block of taps for groups of three channels, word <c>triple * taps + tap</c>; all other words of the block become 0.</summary>
    /// <param name="weights">int8 weights.</param>
    /// <param name="filter">Where the first channel's first weight stands.</param>
    /// <param name="pitch">Bytes from one channel to the next.</param>
    /// <param name="channels">Channels that there are from the first one on, at least 1; those of the last group may be too few.</param>
    /// <param name="lanes">Gets the words, from its beginning on.</param>
    /// <param name="taps">Taps of the block.</param>
    /// <param name="triples">Groups of three channels.</param>
    /// <param name="first">First tap of the block that has weights.</param>
    /// <param name="count">Taps that have weights, to the block's end at most.</param>
    public static void Pack(byte[] weights, int filter, int pitch, int channels, long[] lanes, int taps, int triples, int first, int count)
    {
        if (count != taps || channels < Lanes * triples)
            Array.Clear(lanes, 0, taps * triples);
        int block = first;
        while (channels >= Lanes && triples > 0)
        {
            int d = block;
            int end = block + count;
            int w0 = filter;
            int w1 = w0 + pitch;
            int w2 = w1 + pitch;
            while (d <= end - 4)
            {
                lanes[d] = (sbyte)weights[w0] + ((long)(sbyte)weights[w1] << LaneBits) + ((long)(sbyte)weights[w2] << (2 * LaneBits));
                lanes[d + 1] = (sbyte)weights[w0 + 1] + ((long)(sbyte)weights[w1 + 1] << LaneBits) + ((long)(sbyte)weights[w2 + 1] << (2 * LaneBits));
                lanes[d + 2] = (sbyte)weights[w0 + 2] + ((long)(sbyte)weights[w1 + 2] << LaneBits) + ((long)(sbyte)weights[w2 + 2] << (2 * LaneBits));
                lanes[d + 3] = (sbyte)weights[w0 + 3] + ((long)(sbyte)weights[w1 + 3] << LaneBits) + ((long)(sbyte)weights[w2 + 3] << (2 * LaneBits));
                d += 4;
                w0 += 4;
                w1 += 4;
                w2 += 4;
            }
            while (d < end)
                lanes[d++] = (sbyte)weights[w0++] + ((long)(sbyte)weights[w1++] << LaneBits) + ((long)(sbyte)weights[w2++] << (2 * LaneBits));
            filter += Lanes * pitch;
            channels -= Lanes;
            block += taps;
            triples--;
        }
        if (triples == 0)
            return;
        for (int lane = 0; lane < channels; lane++)
        {
            for (int i = 0; i < count; i++)
                lanes[block + i] += (long)(sbyte)weights[filter + i] << (lane * LaneBits);
            filter += pitch;
        }
    }

    /// <summary><see cref="Pack"/> for 4-bit weights.</summary>
    /// <param name="weights">Weights in <see cref="FourBitRows"/>.</param>
    /// <param name="row">Where the first channel's row begins.</param>
    /// <param name="pitch">Bytes of a row.</param>
    /// <param name="tap">Index in a row of the first weight of the block.</param>
    /// <param name="channels">Channels that there are from the first one on, at least 1; those of the last group may be too few.</param>
    /// <param name="lanes">Gets the words, from its beginning on.</param>
    /// <param name="taps">Taps of the block.</param>
    /// <param name="triples">Groups of three channels.</param>
    /// <param name="first">First tap of the block that has weights.</param>
    /// <param name="count">Taps that have weights, at least 1 and to the block's end at most.</param>
    public static void PackInt4(byte[] weights, int row, int pitch, int tap, int channels, long[] lanes, int taps, int triples, int first, int count)
    {
        Array.Clear(lanes, 0, taps * triples);
        int lane = 0;
        int block = first;
        int last = first + (taps * (triples - 1));
        for (; channels > 0 && block <= last; channels--)
        {
            int shift = lane * LaneBits;
            int w = row + (tap >> 1);
            int d = block;
            int end = block + count;
            if ((tap & 1) != 0)
                lanes[d++] += (long)((sbyte)weights[w++] >> 4) << shift;
            while (d < end - 1)
            {
                int pair = weights[w++];
                lanes[d] += (long)((pair << 28) >> 28) << shift;
                lanes[d + 1] += (long)((sbyte)pair >> 4) << shift;
                d += 2;
            }
            if (d < end)
                lanes[d] += (long)((weights[w] << 28) >> 28) << shift;
            row += pitch;
            lane++;
            if (lane == Lanes)
            {
                lane = 0;
                block += taps;
            }
        }
    }
}
