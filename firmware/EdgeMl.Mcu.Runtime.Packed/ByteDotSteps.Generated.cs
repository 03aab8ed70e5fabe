// Written by a program; change that instead: dotnet run --project tools/EdgeMl.Mcu.KernelGenerator -- .

namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>The inner loop of <see cref="ByteRowFullyConnected"/>: one weight a term.</summary>
internal static class ByteDotSteps
{
    /// <summary>Most terms of a sum.</summary>
    public const int TermsMax = 128;

    /// <summary>Which number of terms, counted from 0, a sum of <paramref name="terms"/> needs.</summary>
    public static int Size(int terms)
    {
        if (terms <= 16)
            return 0;
        if (terms <= 32)
            return 1;
        if (terms <= 64)
            return 2;
        if (terms <= 96)
            return 3;
        return 4;
    }

    /// <summary>Terms of a size.</summary>
    public static int Terms(int size)
    {
        if (size == 0)
            return 16;
        if (size == 1)
            return 32;
        if (size == 2)
            return 64;
        if (size == 3)
            return 96;
        return TermsMax;
    }

    /// <summary>Adds the product of each row of weights, bytes without sign, with the inputs to that row's sum.</summary>
    /// <param name="arena">Holds the inputs, <see cref="TermsMax"/> of them; 0 where there is none.</param>
    /// <param name="input">The first input.</param>
    /// <param name="weights">Holds the weights.</param>
    /// <param name="w">The first row's first weight.</param>
    /// <param name="step">Bytes from one row to the next.</param>
    /// <param name="count">Weights of a row, not more than its size has terms.</param>
    /// <param name="row">Takes one row; <see cref="TermsMax"/> bytes.</param>
    /// <param name="sums">Sums.</param>
    /// <param name="end">One past the last row; rows count from 0.</param>
    /// <param name="size">See <see cref="Size"/>.</param>
    /// <returns>The sum of the inputs.</returns>
    public static int Run(sbyte[] arena, int input, byte[] weights, int w, int step, int count, byte[] row, long[] sums, int end, int size)
    {
        int x0 = arena[input + 0];
        int x1 = arena[input + 1];
        int x2 = arena[input + 2];
        int x3 = arena[input + 3];
        int x4 = arena[input + 4];
        int x5 = arena[input + 5];
        int x6 = arena[input + 6];
        int x7 = arena[input + 7];
        int x8 = arena[input + 8];
        int x9 = arena[input + 9];
        int x10 = arena[input + 10];
        int x11 = arena[input + 11];
        int x12 = arena[input + 12];
        int x13 = arena[input + 13];
        int x14 = arena[input + 14];
        int x15 = arena[input + 15];
        int x16 = arena[input + 16];
        int x17 = arena[input + 17];
        int x18 = arena[input + 18];
        int x19 = arena[input + 19];
        int x20 = arena[input + 20];
        int x21 = arena[input + 21];
        int x22 = arena[input + 22];
        int x23 = arena[input + 23];
        int x24 = arena[input + 24];
        int x25 = arena[input + 25];
        int x26 = arena[input + 26];
        int x27 = arena[input + 27];
        int x28 = arena[input + 28];
        int x29 = arena[input + 29];
        int x30 = arena[input + 30];
        int x31 = arena[input + 31];
        int x32 = arena[input + 32];
        int x33 = arena[input + 33];
        int x34 = arena[input + 34];
        int x35 = arena[input + 35];
        int x36 = arena[input + 36];
        int x37 = arena[input + 37];
        int x38 = arena[input + 38];
        int x39 = arena[input + 39];
        int x40 = arena[input + 40];
        int x41 = arena[input + 41];
        int x42 = arena[input + 42];
        int x43 = arena[input + 43];
        int x44 = arena[input + 44];
        int x45 = arena[input + 45];
        int x46 = arena[input + 46];
        int x47 = arena[input + 47];
        int x48 = arena[input + 48];
        int x49 = arena[input + 49];
        int x50 = arena[input + 50];
        int x51 = arena[input + 51];
        int x52 = arena[input + 52];
        int x53 = arena[input + 53];
        int x54 = arena[input + 54];
        int x55 = arena[input + 55];
        int x56 = arena[input + 56];
        int x57 = arena[input + 57];
        int x58 = arena[input + 58];
        int x59 = arena[input + 59];
        int x60 = arena[input + 60];
        int x61 = arena[input + 61];
        int x62 = arena[input + 62];
        int x63 = arena[input + 63];
        int x64 = arena[input + 64];
        int x65 = arena[input + 65];
        int x66 = arena[input + 66];
        int x67 = arena[input + 67];
        int x68 = arena[input + 68];
        int x69 = arena[input + 69];
        int x70 = arena[input + 70];
        int x71 = arena[input + 71];
        int x72 = arena[input + 72];
        int x73 = arena[input + 73];
        int x74 = arena[input + 74];
        int x75 = arena[input + 75];
        int x76 = arena[input + 76];
        int x77 = arena[input + 77];
        int x78 = arena[input + 78];
        int x79 = arena[input + 79];
        int x80 = arena[input + 80];
        int x81 = arena[input + 81];
        int x82 = arena[input + 82];
        int x83 = arena[input + 83];
        int x84 = arena[input + 84];
        int x85 = arena[input + 85];
        int x86 = arena[input + 86];
        int x87 = arena[input + 87];
        int x88 = arena[input + 88];
        int x89 = arena[input + 89];
        int x90 = arena[input + 90];
        int x91 = arena[input + 91];
        int x92 = arena[input + 92];
        int x93 = arena[input + 93];
        int x94 = arena[input + 94];
        int x95 = arena[input + 95];
        int x96 = arena[input + 96];
        int x97 = arena[input + 97];
        int x98 = arena[input + 98];
        int x99 = arena[input + 99];
        int x100 = arena[input + 100];
        int x101 = arena[input + 101];
        int x102 = arena[input + 102];
        int x103 = arena[input + 103];
        int x104 = arena[input + 104];
        int x105 = arena[input + 105];
        int x106 = arena[input + 106];
        int x107 = arena[input + 107];
        int x108 = arena[input + 108];
        int x109 = arena[input + 109];
        int x110 = arena[input + 110];
        int x111 = arena[input + 111];
        int x112 = arena[input + 112];
        int x113 = arena[input + 113];
        int x114 = arena[input + 114];
        int x115 = arena[input + 115];
        int x116 = arena[input + 116];
        int x117 = arena[input + 117];
        int x118 = arena[input + 118];
        int x119 = arena[input + 119];
        int x120 = arena[input + 120];
        int x121 = arena[input + 121];
        int x122 = arena[input + 122];
        int x123 = arena[input + 123];
        int x124 = arena[input + 124];
        int x125 = arena[input + 125];
        int x126 = arena[input + 126];
        int x127 = arena[input + 127];
        for (int n = 0; n < end; n++)
        {
            System.Array.Copy(weights, w, row, 0, count);
            w += step;
            int acc = 0;
            switch (size)
            {
                default:
                    acc += (x96 * row[96]) + (x97 * row[97]) + (x98 * row[98]) + (x99 * row[99]) + (x100 * row[100]) + (x101 * row[101]) + (x102 * row[102]) + (x103 * row[103])
                        + (x104 * row[104]) + (x105 * row[105]) + (x106 * row[106]) + (x107 * row[107]) + (x108 * row[108]) + (x109 * row[109]) + (x110 * row[110]) + (x111 * row[111])
                        + (x112 * row[112]) + (x113 * row[113]) + (x114 * row[114]) + (x115 * row[115]) + (x116 * row[116]) + (x117 * row[117]) + (x118 * row[118]) + (x119 * row[119])
                        + (x120 * row[120]) + (x121 * row[121]) + (x122 * row[122]) + (x123 * row[123]) + (x124 * row[124]) + (x125 * row[125]) + (x126 * row[126]) + (x127 * row[127]);
                    goto case 3;
                case 3:
                    acc += (x64 * row[64]) + (x65 * row[65]) + (x66 * row[66]) + (x67 * row[67]) + (x68 * row[68]) + (x69 * row[69]) + (x70 * row[70]) + (x71 * row[71])
                        + (x72 * row[72]) + (x73 * row[73]) + (x74 * row[74]) + (x75 * row[75]) + (x76 * row[76]) + (x77 * row[77]) + (x78 * row[78]) + (x79 * row[79])
                        + (x80 * row[80]) + (x81 * row[81]) + (x82 * row[82]) + (x83 * row[83]) + (x84 * row[84]) + (x85 * row[85]) + (x86 * row[86]) + (x87 * row[87])
                        + (x88 * row[88]) + (x89 * row[89]) + (x90 * row[90]) + (x91 * row[91]) + (x92 * row[92]) + (x93 * row[93]) + (x94 * row[94]) + (x95 * row[95]);
                    goto case 2;
                case 2:
                    acc += (x32 * row[32]) + (x33 * row[33]) + (x34 * row[34]) + (x35 * row[35]) + (x36 * row[36]) + (x37 * row[37]) + (x38 * row[38]) + (x39 * row[39])
                        + (x40 * row[40]) + (x41 * row[41]) + (x42 * row[42]) + (x43 * row[43]) + (x44 * row[44]) + (x45 * row[45]) + (x46 * row[46]) + (x47 * row[47])
                        + (x48 * row[48]) + (x49 * row[49]) + (x50 * row[50]) + (x51 * row[51]) + (x52 * row[52]) + (x53 * row[53]) + (x54 * row[54]) + (x55 * row[55])
                        + (x56 * row[56]) + (x57 * row[57]) + (x58 * row[58]) + (x59 * row[59]) + (x60 * row[60]) + (x61 * row[61]) + (x62 * row[62]) + (x63 * row[63]);
                    goto case 1;
                case 1:
                    acc += (x16 * row[16]) + (x17 * row[17]) + (x18 * row[18]) + (x19 * row[19]) + (x20 * row[20]) + (x21 * row[21]) + (x22 * row[22]) + (x23 * row[23])
                        + (x24 * row[24]) + (x25 * row[25]) + (x26 * row[26]) + (x27 * row[27]) + (x28 * row[28]) + (x29 * row[29]) + (x30 * row[30]) + (x31 * row[31]);
                    goto case 0;
                case 0:
                    acc += (x0 * row[0]) + (x1 * row[1]) + (x2 * row[2]) + (x3 * row[3]) + (x4 * row[4]) + (x5 * row[5]) + (x6 * row[6]) + (x7 * row[7])
                        + (x8 * row[8]) + (x9 * row[9]) + (x10 * row[10]) + (x11 * row[11]) + (x12 * row[12]) + (x13 * row[13]) + (x14 * row[14]) + (x15 * row[15]);
                    break;
            }
            sums[n] += acc;
        }
        return x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11 + x12 + x13 + x14 + x15
            + x16 + x17 + x18 + x19 + x20 + x21 + x22 + x23 + x24 + x25 + x26 + x27 + x28 + x29 + x30 + x31
            + x32 + x33 + x34 + x35 + x36 + x37 + x38 + x39 + x40 + x41 + x42 + x43 + x44 + x45 + x46 + x47
            + x48 + x49 + x50 + x51 + x52 + x53 + x54 + x55 + x56 + x57 + x58 + x59 + x60 + x61 + x62 + x63
            + x64 + x65 + x66 + x67 + x68 + x69 + x70 + x71 + x72 + x73 + x74 + x75 + x76 + x77 + x78 + x79
            + x80 + x81 + x82 + x83 + x84 + x85 + x86 + x87 + x88 + x89 + x90 + x91 + x92 + x93 + x94 + x95
            + x96 + x97 + x98 + x99 + x100 + x101 + x102 + x103 + x104 + x105 + x106 + x107 + x108 + x109 + x110 + x111
            + x112 + x113 + x114 + x115 + x116 + x117 + x118 + x119 + x120 + x121 + x122 + x123 + x124 + x125 + x126 + x127;
    }
}
