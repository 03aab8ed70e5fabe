using System;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// From accumulators of three lanes to int8 outputs, with the bits of <see cref="Arithmetic.FixedPoint.MultiplyByQuantizedMultiplier"/>.
/// </summary>
/// <remarks>
/// A lane <c>a</c>, made non-negative by 2^20 for each time that it was added to, needs no sign extension. Where r is the greatest right shift of a layer's channels,
/// the two roundings to nearest of <c>x * M</c> with a right shift s are one floor, <c>(a * M * 2^(r-s) + C) >> (31 + r)</c>, where C also holds the bias and the
/// output's zero point. Below x = 0 the second one rounds half down, so C is smaller there by one unit of the first rounding.
/// </remarks>
public static class PackedOutput
{
    /// <summary>Greatest right shift of a channel that the outputs can have.</summary>
    public const int MaxRightShift = 20;

    /// <summary>Right shift of a product with a multiplier in Q0.31.</summary>
    public const int MultiplierBits = 31;

    /// <summary>Bits of every lane that a flush leaves in place.</summary>
    public const int FlushBits = 10;

    /// <summary>Words of the lanes that the constants of three channels take.</summary>
    public const int ConstantWords = 12;

    private const int LaneBits = PackedWeights.LaneBits;
    private const long LaneMask = (1L << LaneBits) - 1;
    private const long MiddleMask = LaneMask << LaneBits;
    private const long LaneBias = 1L << (LaneBits - 1);
    private const long Bias = LaneBias | (LaneBias << LaneBits) | (LaneBias << (2 * LaneBits));
    private const long LowBits = (1L << FlushBits) - 1;
    private const long LowMask = LowBits | (LowBits << LaneBits) | (LowBits << (2 * LaneBits));

    /// <summary>Moves the upper bits of every accumulator's lanes to a second word, so that as much can be added again.</summary>
    /// <param name="lanes">Accumulators.</param>
    /// <param name="first">First accumulator.</param>
    /// <param name="words">Number of accumulators; as many words for upper bits follow them.</param>
    public static void Flush(long[] lanes, int first, int words)
    {
        int end = first + words;
        for (int q = first; q < end; q++)
        {
            long v = lanes[q] + Bias;
            lanes[q] = v & LowMask;
            lanes[q + words] += (v & ~LowMask) >> FlushBits;
        }
    }

    /// <summary>
    /// Writes, for channels one after another, multiplier, constant for x ≥ 0, constant for x &lt; 0 and the lane where x is 0, to the beginning of the lanes.
    /// </summary>
    /// <param name="frame">The layer's weights; the lanes.</param>
    /// <param name="table">Where the <see cref="ChannelTable"/> begins.</param>
    /// <param name="channels">All channels of the table.</param>
    /// <param name="channel">First channel.</param>
    /// <param name="count">Number of channels, 1 to 3.</param>
    /// <param name="biases">How often 2^20 was added to the lanes.</param>
    /// <param name="zeroPoint">Zero point of the output.</param>
    /// <param name="total"><see cref="MultiplierBits"/> and the greatest right shift of the layer's channels.</param>
    public static void Prepare(Frame frame, int table, int channels, int channel, int count, int biases, int zeroPoint, int total)
    {
        byte[] weights = frame.Weights;
        long[] lanes = frame.Lanes;
        int d = 0;
        for (int end = channel + count; channel < end; channel++)
        {
            long zero = (biases * LaneBias) - BitConverter.ToInt32(weights, table + (channel << 2));
            int shift = (sbyte)weights[table + (channels << 3) + channel];
            long multiplier = (long)BitConverter.ToInt32(weights, table + ((channels + channel) << 2)) << (total - MultiplierBits + shift);
            long constant = ((long)zeroPoint << total) + (1L << (total - 1)) - (zero * multiplier);
            long difference = 0;
            if (shift < 0)
            {
                constant += 1L << (total - 1 + shift);
                difference = 1L << (total + shift);
            }
            lanes[d] = multiplier;
            lanes[d + 1] = constant;
            lanes[d + 2] = constant - difference;
            lanes[d + 3] = zero < 0 ? 0 : zero > LaneMask && biases == 1 ? LaneMask : zero;
            d += 4;
        }
    }

    /// <summary>
    /// Outputs of three channels, prepared, whose activation range begins at the zero point or above: outputs of x &lt; 0 have the least value already.
    /// </summary>
    /// <param name="frame">Arena and lanes.</param>
    /// <param name="q">Accumulator of the first position.</param>
    /// <param name="triples">Accumulators from one position to the next.</param>
    /// <param name="y">Arena offset of the first position's first channel.</param>
    /// <param name="channels">Bytes from one position's output to the next one's.</param>
    /// <param name="columns">Positions of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="rowStep">Bytes from one row of outputs to the next.</param>
    /// <param name="high">Greatest output.</param>
    /// <param name="total">As for <see cref="Prepare"/>.</param>
    public static void Rectified(Frame frame, int q, int triples, int y, int channels, int columns, int rows, int rowStep, int high, int total)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        long m0 = lanes[0];
        long c0 = lanes[1];
        long t0 = lanes[3];
        long m1 = lanes[4];
        long c1 = lanes[5];
        long t1 = lanes[7] << LaneBits;
        long m2 = lanes[8];
        long c2 = lanes[9];
        long t2 = lanes[11] << (2 * LaneBits);
        long top = high;
        for (; rows > 0; rows--)
        {
            int end = y + (columns * channels);
            int next = y + rowStep;
            while (y != end)
            {
                long v = lanes[q] + Bias;
                long a = v & LaneMask;
                if (a >= t0)
                {
                    a = ((a * m0) + c0) >> total;
                    if (a > top)
                        a = top;
                    arena[y] = (sbyte)a;
                }
                a = v & MiddleMask;
                if (a >= t1)
                {
                    a = (((a >> LaneBits) * m1) + c1) >> total;
                    if (a > top)
                        a = top;
                    arena[y + 1] = (sbyte)a;
                }
                if (v >= t2)
                {
                    a = (((v >> (2 * LaneBits)) * m2) + c2) >> total;
                    if (a > top)
                        a = top;
                    arena[y + 2] = (sbyte)a;
                }
                q += triples;
                y += channels;
            }
            y = next;
        }
    }

    /// <summary>Outputs of three channels, prepared, with any activation range around the zero point. Parameters as for <see cref="Rectified"/>.</summary>
    public static void Clamped(Frame frame, int q, int triples, int y, int channels, int columns, int rows, int rowStep, int low, int high, int total)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        long m0 = lanes[0];
        long c0 = lanes[1];
        long n0 = lanes[2];
        long t0 = lanes[3];
        long m1 = lanes[4];
        long c1 = lanes[5];
        long n1 = lanes[6];
        long t1 = lanes[7];
        long m2 = lanes[8];
        long c2 = lanes[9];
        long n2 = lanes[10];
        long t2 = lanes[11];
        long bottom = low;
        long top = high;
        for (; rows > 0; rows--)
        {
            int end = y + (columns * channels);
            int next = y + rowStep;
            while (y != end)
            {
                long v = lanes[q] + Bias;
                long a = v & LaneMask;
                if (a >= t0)
                {
                    a = ((a * m0) + c0) >> total;
                    if (a > top)
                        a = top;
                }
                else
                {
                    a = ((a * m0) + n0) >> total;
                    if (a < bottom)
                        a = bottom;
                }
                arena[y] = (sbyte)a;
                a = (v >> LaneBits) & LaneMask;
                if (a >= t1)
                {
                    a = ((a * m1) + c1) >> total;
                    if (a > top)
                        a = top;
                }
                else
                {
                    a = ((a * m1) + n1) >> total;
                    if (a < bottom)
                        a = bottom;
                }
                arena[y + 1] = (sbyte)a;
                a = v >> (2 * LaneBits);
                if (a >= t2)
                {
                    a = ((a * m2) + c2) >> total;
                    if (a > top)
                        a = top;
                }
                else
                {
                    a = ((a * m2) + n2) >> total;
                    if (a < bottom)
                        a = bottom;
                }
                arena[y + 2] = (sbyte)a;
                q += triples;
                y += channels;
            }
            y = next;
        }
    }

    /// <summary>Outputs of one channel, prepared as the only one, from a lane of its accumulators and, where there are, of the words with their upper bits.</summary>
    /// <param name="frame">Arena and lanes.</param>
    /// <param name="q">Accumulator of the first position.</param>
    /// <param name="triples">Accumulators from one position to the next.</param>
    /// <param name="upper">Words from an accumulator to its upper bits; 0 where there are none.</param>
    /// <param name="lane">Bits below the lane.</param>
    /// <param name="y">Arena offset of the first position's output.</param>
    /// <param name="channels">Bytes from one position's output to the next one's.</param>
    /// <param name="columns">Positions of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="rowStep">Bytes from one row of outputs to the next.</param>
    /// <param name="low">Least output.</param>
    /// <param name="high">Greatest output.</param>
    /// <param name="total">As for <see cref="Prepare"/>.</param>
    public static void Single(Frame frame, int q, int triples, int upper, int lane, int y, int channels, int columns, int rows, int rowStep, int low, int high, int total)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        long multiplier = lanes[0];
        long constant = lanes[1];
        long negative = lanes[2];
        long zero = lanes[3];
        long bottom = low;
        long top = high;
        for (; rows > 0; rows--)
        {
            int end = y + (columns * channels);
            int next = y + rowStep;
            while (y != end)
            {
                long a = ((lanes[q] + Bias) >> lane) & LaneMask;
                if (upper != 0)
                    a += ((lanes[q + upper] >> lane) & LaneMask) << FlushBits;
                a = ((a * multiplier) + (a >= zero ? constant : negative)) >> total;
                if (a < bottom)
                    a = bottom;
                if (a > top)
                    a = top;
                arena[y] = (sbyte)a;
                q += triples;
                y += channels;
            }
            y = next;
        }
    }

    /// <summary>Outputs of one channel, prepared as the only one, at positions that follow each other in the lanes of its accumulators.</summary>
    /// <param name="frame">Arena and lanes.</param>
    /// <param name="q">First accumulator.</param>
    /// <param name="upper">Words from an accumulator to its upper bits; 0 where there are none.</param>
    /// <param name="count">Positions, at least 1.</param>
    /// <param name="y">Arena offset of the first position's output.</param>
    /// <param name="channels">Bytes from one position's output to the next one's.</param>
    /// <param name="low">Least output.</param>
    /// <param name="high">Greatest output.</param>
    /// <param name="total">As for <see cref="Prepare"/>.</param>
    public static void Positions(Frame frame, int q, int upper, int count, int y, int channels, int low, int high, int total)
    {
        sbyte[] arena = frame.Arena;
        long[] lanes = frame.Lanes;
        long multiplier = lanes[0];
        long constant = lanes[1];
        long negative = lanes[2];
        long zero = lanes[3];
        long bottom = low;
        long top = high;
        while (count > 0)
        {
            long v = lanes[q] + Bias;
            long u = upper == 0 ? 0 : lanes[q + upper];
            int end = count < PackedWeights.Lanes ? 0 : count - PackedWeights.Lanes;
            do
            {
                long a = v & LaneMask;
                if (u != 0)
                {
                    a += (u & LaneMask) << FlushBits;
                    u >>= LaneBits;
                }
                v >>= LaneBits;
                if (a >= zero)
                {
                    a = ((a * multiplier) + constant) >> total;
                    if (a > top)
                        a = top;
                }
                else
                {
                    a = ((a * multiplier) + negative) >> total;
                    if (a < bottom)
                        a = bottom;
                }
                arena[y] = (sbyte)a;
                y += channels;
                count--;
            }
            while (count != end);
            q++;
        }
    }
}
