// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>The inner loop of <see cref="PackedRowFullyConnected"/>: three weights a term.</summary>
internal static class PackedDotSteps
{
    /// <summary>Most terms of a sum.</summary>
    public const int TermsMax = 128;

    /// <summary>Which number of terms, counted from 0, a sum of <paramref name="terms"/> needs.</summary>
    public static int Size(int terms)
    {
        if (terms <= 6)
            return 0;
        if (terms <= 11)
            return 1;
        if (terms <= 22)
            return 2;
        if (terms <= 43)
            return 3;
        if (terms <= 64)
            return 4;
        if (terms <= 86)
            return 5;
        if (terms <= 107)
            return 6;
        return 7;
    }

    /// <summary>Terms of a size.</summary>
    public static int Terms(int size)
    {
        if (size == 0)
            return 6;
        if (size == 1)
            return 11;
        if (size == 2)
            return 22;
        if (size == 3)
            return 43;
        if (size == 4)
            return 64;
        if (size == 5)
            return 86;
        if (size == 6)
            return 107;
        return TermsMax;
    }

    /// <summary>Adds the product of each row of weights with the inputs to that row's sum.</summary>
    /// <param name="x">Packed inputs, <see cref="TermsMax"/> of them.</param>
    /// <param name="rows">Rows of packed weights, as long as the size says.</param>
    /// <param name="row">First row.</param>
    /// <param name="sums">Sums.</param>
    /// <param name="n">Place of the first sum.</param>
    /// <param name="end">One past the place of the last.</param>
    /// <param name="size">See <see cref="Size"/>.</param>
    public static void Run(long[] x, long[][] rows, int row, long[] sums, int n, int end, int size)
    {
        long x0 = x[0];
        long x1 = x[1];
        long x2 = x[2];
        long x3 = x[3];
        long x4 = x[4];
        long x5 = x[5];
        long x6 = x[6];
        long x7 = x[7];
        long x8 = x[8];
        long x9 = x[9];
        long x10 = x[10];
        long x11 = x[11];
        long x12 = x[12];
        long x13 = x[13];
        long x14 = x[14];
        long x15 = x[15];
        long x16 = x[16];
        long x17 = x[17];
        long x18 = x[18];
        long x19 = x[19];
        long x20 = x[20];
        long x21 = x[21];
        long x22 = x[22];
        long x23 = x[23];
        long x24 = x[24];
        long x25 = x[25];
        long x26 = x[26];
        long x27 = x[27];
        long x28 = x[28];
        long x29 = x[29];
        long x30 = x[30];
        long x31 = x[31];
        long x32 = x[32];
        long x33 = x[33];
        long x34 = x[34];
        long x35 = x[35];
        long x36 = x[36];
        long x37 = x[37];
        long x38 = x[38];
        long x39 = x[39];
        long x40 = x[40];
        long x41 = x[41];
        long x42 = x[42];
        long x43 = x[43];
        long x44 = x[44];
        long x45 = x[45];
        long x46 = x[46];
        long x47 = x[47];
        long x48 = x[48];
        long x49 = x[49];
        long x50 = x[50];
        long x51 = x[51];
        long x52 = x[52];
        long x53 = x[53];
        long x54 = x[54];
        long x55 = x[55];
        long x56 = x[56];
        long x57 = x[57];
        long x58 = x[58];
        long x59 = x[59];
        long x60 = x[60];
        long x61 = x[61];
        long x62 = x[62];
        long x63 = x[63];
        long x64 = x[64];
        long x65 = x[65];
        long x66 = x[66];
        long x67 = x[67];
        long x68 = x[68];
        long x69 = x[69];
        long x70 = x[70];
        long x71 = x[71];
        long x72 = x[72];
        long x73 = x[73];
        long x74 = x[74];
        long x75 = x[75];
        long x76 = x[76];
        long x77 = x[77];
        long x78 = x[78];
        long x79 = x[79];
        long x80 = x[80];
        long x81 = x[81];
        long x82 = x[82];
        long x83 = x[83];
        long x84 = x[84];
        long x85 = x[85];
        long x86 = x[86];
        long x87 = x[87];
        long x88 = x[88];
        long x89 = x[89];
        long x90 = x[90];
        long x91 = x[91];
        long x92 = x[92];
        long x93 = x[93];
        long x94 = x[94];
        long x95 = x[95];
        long x96 = x[96];
        long x97 = x[97];
        long x98 = x[98];
        long x99 = x[99];
        long x100 = x[100];
        long x101 = x[101];
        long x102 = x[102];
        long x103 = x[103];
        long x104 = x[104];
        long x105 = x[105];
        long x106 = x[106];
        long x107 = x[107];
        long x108 = x[108];
        long x109 = x[109];
        long x110 = x[110];
        long x111 = x[111];
        long x112 = x[112];
        long x113 = x[113];
        long x114 = x[114];
        long x115 = x[115];
        long x116 = x[116];
        long x117 = x[117];
        long x118 = x[118];
        long x119 = x[119];
        long x120 = x[120];
        long x121 = x[121];
        long x122 = x[122];
        long x123 = x[123];
        long x124 = x[124];
        long x125 = x[125];
        long x126 = x[126];
        long x127 = x[127];
        for (; n < end; n++)
        {
            long[] w = rows[row++];
            long acc = PackedRowFullyConnected.LaneBias;
            switch (size)
            {
                default:
                    acc += (x107 * w[107]) + (x108 * w[108]) + (x109 * w[109]) + (x110 * w[110]) + (x111 * w[111]) + (x112 * w[112]) + (x113 * w[113]) + (x114 * w[114])
                        + (x115 * w[115]) + (x116 * w[116]) + (x117 * w[117]) + (x118 * w[118]) + (x119 * w[119]) + (x120 * w[120]) + (x121 * w[121]) + (x122 * w[122])
                        + (x123 * w[123]) + (x124 * w[124]) + (x125 * w[125]) + (x126 * w[126]) + (x127 * w[127]);
                    goto case 6;
                case 6:
                    acc += (x86 * w[86]) + (x87 * w[87]) + (x88 * w[88]) + (x89 * w[89]) + (x90 * w[90]) + (x91 * w[91]) + (x92 * w[92]) + (x93 * w[93])
                        + (x94 * w[94]) + (x95 * w[95]) + (x96 * w[96]) + (x97 * w[97]) + (x98 * w[98]) + (x99 * w[99]) + (x100 * w[100]) + (x101 * w[101])
                        + (x102 * w[102]) + (x103 * w[103]) + (x104 * w[104]) + (x105 * w[105]) + (x106 * w[106]);
                    goto case 5;
                case 5:
                    acc += (x64 * w[64]) + (x65 * w[65]) + (x66 * w[66]) + (x67 * w[67]) + (x68 * w[68]) + (x69 * w[69]) + (x70 * w[70]) + (x71 * w[71])
                        + (x72 * w[72]) + (x73 * w[73]) + (x74 * w[74]) + (x75 * w[75]) + (x76 * w[76]) + (x77 * w[77]) + (x78 * w[78]) + (x79 * w[79])
                        + (x80 * w[80]) + (x81 * w[81]) + (x82 * w[82]) + (x83 * w[83]) + (x84 * w[84]) + (x85 * w[85]);
                    goto case 4;
                case 4:
                    acc += (x43 * w[43]) + (x44 * w[44]) + (x45 * w[45]) + (x46 * w[46]) + (x47 * w[47]) + (x48 * w[48]) + (x49 * w[49]) + (x50 * w[50])
                        + (x51 * w[51]) + (x52 * w[52]) + (x53 * w[53]) + (x54 * w[54]) + (x55 * w[55]) + (x56 * w[56]) + (x57 * w[57]) + (x58 * w[58])
                        + (x59 * w[59]) + (x60 * w[60]) + (x61 * w[61]) + (x62 * w[62]) + (x63 * w[63]);
                    goto case 3;
                case 3:
                    acc += (x22 * w[22]) + (x23 * w[23]) + (x24 * w[24]) + (x25 * w[25]) + (x26 * w[26]) + (x27 * w[27]) + (x28 * w[28]) + (x29 * w[29])
                        + (x30 * w[30]) + (x31 * w[31]) + (x32 * w[32]) + (x33 * w[33]) + (x34 * w[34]) + (x35 * w[35]) + (x36 * w[36]) + (x37 * w[37])
                        + (x38 * w[38]) + (x39 * w[39]) + (x40 * w[40]) + (x41 * w[41]) + (x42 * w[42]);
                    goto case 2;
                case 2:
                    acc += (x11 * w[11]) + (x12 * w[12]) + (x13 * w[13]) + (x14 * w[14]) + (x15 * w[15]) + (x16 * w[16]) + (x17 * w[17]) + (x18 * w[18])
                        + (x19 * w[19]) + (x20 * w[20]) + (x21 * w[21]);
                    goto case 1;
                case 1:
                    acc += (x6 * w[6]) + (x7 * w[7]) + (x8 * w[8]) + (x9 * w[9]) + (x10 * w[10]);
                    goto case 0;
                case 0:
                    acc += (x0 * w[0]) + (x1 * w[1]) + (x2 * w[2]) + (x3 * w[3]) + (x4 * w[4]) + (x5 * w[5]);
                    break;
            }
            sums[n] += (acc << 1) >> (64 - PackedWeights.LaneBits);
        }
    }
}
