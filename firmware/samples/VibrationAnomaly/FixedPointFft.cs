namespace EdgeMl.Mcu.Samples.VibrationAnomaly;

/// <summary>Discrete Fourier transform of 256 values in integers: radix 2, decimation in time, halved in each of its eight stages.</summary>
/// <remarks>
/// Gives the sum of x[n] exp(-2 pi i k n / 256) divided by 256. Magnitudes of at most 32,768 stay below 32,777 in every stage, so that no product leaves 32 bits. Rounds
/// to nearest in every stage. Allocates at construction only.
/// </remarks>
public sealed class FixedPointFft
{
    /// <summary>Values of a transform.</summary>
    public const int Length = 256;

    private const int Quarter = Length / 4;

    private readonly short[] _sines;
    private readonly byte[] _reversed = new byte[Length];

    /// <summary>Creates the tables.</summary>
    /// <param name="sines">As <see cref="SineTable.Create"/> makes it.</param>
    public FixedPointFft(short[] sines)
    {
        _sines = sines;
        for (int i = 0; i < Length; i++)
        {
            int reversed = 0;
            for (int bit = 0; bit < 8; bit++)
                reversed |= ((i >> bit) & 1) << (7 - bit);
            _reversed[i] = (byte)reversed;
        }
    }

    /// <summary>Transforms real values in place.</summary>
    /// <param name="re">The values, each from -32,768 to 32,768; then the real parts.</param>
    /// <param name="im">Takes the imaginary parts.</param>
    public void Transform(int[] re, int[] im)
    {
        byte[] reversed = _reversed;
        for (int i = 0; i < Length; i++)
        {
            im[i] = 0;
            int other = reversed[i];
            if (other > i)
            {
                int value = re[i];
                re[i] = re[other];
                re[other] = value;
            }
        }
        for (int half = 1; half < Length; half <<= 1)
            Stage(re, im, half);
    }

    private void Stage(int[] re, int[] im, int half)
    {
        short[] sines = _sines;
        int turn = Length / 2 / half;
        int distance = half << 1;
        for (int k = 0; k < half; k++)
        {
            int sine = sines[k * turn];
            int cosine = sines[(k * turn) + Quarter];
            for (int i = k; i < Length; i += distance)
            {
                int j = i + half;
                int a = re[j];
                int b = im[j];
                int real = ((a * cosine) + (b * sine) + 16384) >> 15;
                int imaginary = ((b * cosine) - (a * sine) + 16384) >> 15;
                a = re[i] + 1;
                b = im[i] + 1;
                re[j] = (a - real) >> 1;
                im[j] = (b - imaginary) >> 1;
                re[i] = (a + real) >> 1;
                im[i] = (b + imaginary) >> 1;
            }
        }
    }
}
