// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>Multiplies channels with a block of packed activations that stay in locals.</summary>
public static class ActivationStationary
{
    /// <summary>Taps of a block.</summary>
    public const int Taps = 16;

    /// <summary>Words of three positions each.</summary>
    public const int Words = 3;

    /// <summary>Words that the activations of a block take at the beginning of the lanes.</summary>
    public const int Pool = 48;

    /// <summary>Adds to the accumulators of every channel the products of its weights with the activations in the pool, word <c>three positions * taps + tap</c>.</summary>
    /// <param name="weights">int8 weights.</param>
    /// <param name="lanes">Activations, and accumulators.</param>
    /// <param name="w">Where the first channel's first weight of the block stands.</param>
    /// <param name="pitch">Bytes from one channel to the next, at least 1.</param>
    /// <param name="channels">Channels, at least 1.</param>
    /// <param name="q">Word of the first accumulator.</param>
    public static void Run(byte[] weights, long[] lanes, int w, int pitch, int channels, int q)
    {
        long x0 = lanes[0]; long x1 = lanes[1]; long x2 = lanes[2]; long x3 = lanes[3]; long x4 = lanes[4]; long x5 = lanes[5]; long x6 = lanes[6]; long x7 = lanes[7];
        long x8 = lanes[8]; long x9 = lanes[9]; long x10 = lanes[10]; long x11 = lanes[11]; long x12 = lanes[12]; long x13 = lanes[13]; long x14 = lanes[14]; long x15 = lanes[15];
        long x16 = lanes[16]; long x17 = lanes[17]; long x18 = lanes[18]; long x19 = lanes[19]; long x20 = lanes[20]; long x21 = lanes[21]; long x22 = lanes[22]; long x23 = lanes[23];
        long x24 = lanes[24]; long x25 = lanes[25]; long x26 = lanes[26]; long x27 = lanes[27]; long x28 = lanes[28]; long x29 = lanes[29]; long x30 = lanes[30]; long x31 = lanes[31];
        long x32 = lanes[32]; long x33 = lanes[33]; long x34 = lanes[34]; long x35 = lanes[35]; long x36 = lanes[36]; long x37 = lanes[37]; long x38 = lanes[38]; long x39 = lanes[39];
        long x40 = lanes[40]; long x41 = lanes[41]; long x42 = lanes[42]; long x43 = lanes[43]; long x44 = lanes[44]; long x45 = lanes[45]; long x46 = lanes[46]; long x47 = lanes[47];
        int end = w + (channels * pitch);
        do
        {
            long w0 = (sbyte)weights[w]; long w1 = (sbyte)weights[w + 1]; long w2 = (sbyte)weights[w + 2]; long w3 = (sbyte)weights[w + 3]; long w4 = (sbyte)weights[w + 4]; long w5 = (sbyte)weights[w + 5]; long w6 = (sbyte)weights[w + 6]; long w7 = (sbyte)weights[w + 7];
            long w8 = (sbyte)weights[w + 8]; long w9 = (sbyte)weights[w + 9]; long w10 = (sbyte)weights[w + 10]; long w11 = (sbyte)weights[w + 11]; long w12 = (sbyte)weights[w + 12]; long w13 = (sbyte)weights[w + 13]; long w14 = (sbyte)weights[w + 14]; long w15 = (sbyte)weights[w + 15];
            lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11) + (x12 * w12) + (x13 * w13) + (x14 * w14) + (x15 * w15);
            lanes[q + 1] += (x16 * w0) + (x17 * w1) + (x18 * w2) + (x19 * w3) + (x20 * w4) + (x21 * w5) + (x22 * w6) + (x23 * w7)
                + (x24 * w8) + (x25 * w9) + (x26 * w10) + (x27 * w11) + (x28 * w12) + (x29 * w13) + (x30 * w14) + (x31 * w15);
            lanes[q + 2] += (x32 * w0) + (x33 * w1) + (x34 * w2) + (x35 * w3) + (x36 * w4) + (x37 * w5) + (x38 * w6) + (x39 * w7)
                + (x40 * w8) + (x41 * w9) + (x42 * w10) + (x43 * w11) + (x44 * w12) + (x45 * w13) + (x46 * w14) + (x47 * w15);
            w += pitch;
            q += 3;
        }
        while (w != end);
    }
}
