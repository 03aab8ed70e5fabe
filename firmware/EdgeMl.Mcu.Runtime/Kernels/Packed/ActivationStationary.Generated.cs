// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Kernels.Packed;

/// <summary>Multiplies channels with a block of packed activations that stay in locals.</summary>
public static class ActivationStationary
{
    /// <summary>Taps of a block.</summary>
    public const int Taps = 32;

    /// <summary>Words of three positions each.</summary>
    public const int Words = 3;

    /// <summary>Words that the activations of a block take at the beginning of the lanes.</summary>
    public const int Pool = 96;

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
        long x48 = lanes[48]; long x49 = lanes[49]; long x50 = lanes[50]; long x51 = lanes[51]; long x52 = lanes[52]; long x53 = lanes[53]; long x54 = lanes[54]; long x55 = lanes[55];
        long x56 = lanes[56]; long x57 = lanes[57]; long x58 = lanes[58]; long x59 = lanes[59]; long x60 = lanes[60]; long x61 = lanes[61]; long x62 = lanes[62]; long x63 = lanes[63];
        long x64 = lanes[64]; long x65 = lanes[65]; long x66 = lanes[66]; long x67 = lanes[67]; long x68 = lanes[68]; long x69 = lanes[69]; long x70 = lanes[70]; long x71 = lanes[71];
        long x72 = lanes[72]; long x73 = lanes[73]; long x74 = lanes[74]; long x75 = lanes[75]; long x76 = lanes[76]; long x77 = lanes[77]; long x78 = lanes[78]; long x79 = lanes[79];
        long x80 = lanes[80]; long x81 = lanes[81]; long x82 = lanes[82]; long x83 = lanes[83]; long x84 = lanes[84]; long x85 = lanes[85]; long x86 = lanes[86]; long x87 = lanes[87];
        long x88 = lanes[88]; long x89 = lanes[89]; long x90 = lanes[90]; long x91 = lanes[91]; long x92 = lanes[92]; long x93 = lanes[93]; long x94 = lanes[94]; long x95 = lanes[95];
        int end = w + (channels * pitch);
        do
        {
            long w0 = (sbyte)weights[w]; long w1 = (sbyte)weights[w + 1]; long w2 = (sbyte)weights[w + 2]; long w3 = (sbyte)weights[w + 3]; long w4 = (sbyte)weights[w + 4]; long w5 = (sbyte)weights[w + 5]; long w6 = (sbyte)weights[w + 6]; long w7 = (sbyte)weights[w + 7];
            long w8 = (sbyte)weights[w + 8]; long w9 = (sbyte)weights[w + 9]; long w10 = (sbyte)weights[w + 10]; long w11 = (sbyte)weights[w + 11]; long w12 = (sbyte)weights[w + 12]; long w13 = (sbyte)weights[w + 13]; long w14 = (sbyte)weights[w + 14]; long w15 = (sbyte)weights[w + 15];
            long w16 = (sbyte)weights[w + 16]; long w17 = (sbyte)weights[w + 17]; long w18 = (sbyte)weights[w + 18]; long w19 = (sbyte)weights[w + 19]; long w20 = (sbyte)weights[w + 20]; long w21 = (sbyte)weights[w + 21]; long w22 = (sbyte)weights[w + 22]; long w23 = (sbyte)weights[w + 23];
            long w24 = (sbyte)weights[w + 24]; long w25 = (sbyte)weights[w + 25]; long w26 = (sbyte)weights[w + 26]; long w27 = (sbyte)weights[w + 27]; long w28 = (sbyte)weights[w + 28]; long w29 = (sbyte)weights[w + 29]; long w30 = (sbyte)weights[w + 30]; long w31 = (sbyte)weights[w + 31];
            lanes[q] += (x0 * w0) + (x1 * w1) + (x2 * w2) + (x3 * w3) + (x4 * w4) + (x5 * w5) + (x6 * w6) + (x7 * w7)
                + (x8 * w8) + (x9 * w9) + (x10 * w10) + (x11 * w11) + (x12 * w12) + (x13 * w13) + (x14 * w14) + (x15 * w15)
                + (x16 * w16) + (x17 * w17) + (x18 * w18) + (x19 * w19) + (x20 * w20) + (x21 * w21) + (x22 * w22) + (x23 * w23)
                + (x24 * w24) + (x25 * w25) + (x26 * w26) + (x27 * w27) + (x28 * w28) + (x29 * w29) + (x30 * w30) + (x31 * w31);
            lanes[q + 1] += (x32 * w0) + (x33 * w1) + (x34 * w2) + (x35 * w3) + (x36 * w4) + (x37 * w5) + (x38 * w6) + (x39 * w7)
                + (x40 * w8) + (x41 * w9) + (x42 * w10) + (x43 * w11) + (x44 * w12) + (x45 * w13) + (x46 * w14) + (x47 * w15)
                + (x48 * w16) + (x49 * w17) + (x50 * w18) + (x51 * w19) + (x52 * w20) + (x53 * w21) + (x54 * w22) + (x55 * w23)
                + (x56 * w24) + (x57 * w25) + (x58 * w26) + (x59 * w27) + (x60 * w28) + (x61 * w29) + (x62 * w30) + (x63 * w31);
            lanes[q + 2] += (x64 * w0) + (x65 * w1) + (x66 * w2) + (x67 * w3) + (x68 * w4) + (x69 * w5) + (x70 * w6) + (x71 * w7)
                + (x72 * w8) + (x73 * w9) + (x74 * w10) + (x75 * w11) + (x76 * w12) + (x77 * w13) + (x78 * w14) + (x79 * w15)
                + (x80 * w16) + (x81 * w17) + (x82 * w18) + (x83 * w19) + (x84 * w20) + (x85 * w21) + (x86 * w22) + (x87 * w23)
                + (x88 * w24) + (x89 * w25) + (x90 * w26) + (x91 * w27) + (x92 * w28) + (x93 * w29) + (x94 * w30) + (x95 * w31);
            w += pitch;
            q += 3;
        }
        while (w != end);
    }
}
