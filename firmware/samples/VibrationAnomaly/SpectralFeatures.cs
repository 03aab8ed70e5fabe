namespace EdgeMl.Mcu.Samples.VibrationAnomaly;

/// <summary>Turns a window of samples into the logarithms of the energies of 16 bands, in integers alone. Allocates at construction only.</summary>
/// <remarks>
/// The mean is taken away, a Hann window laid over, and the window scaled down as a whole so that its largest value just fits into 15 bits and a sign: a quiet machine
/// has as many digits as a loud one. The shift comes back in the logarithm.
/// </remarks>
public sealed class SpectralFeatures
{
    /// <summary>Samples in a window.</summary>
    public const int Length = FixedPointFft.Length;

    /// <summary>Features of a window.</summary>
    public const int Bands = 16;

    /// <summary>Steps of a feature from one energy to twice as much.</summary>
    public const int StepsPerDoubling = 4;

    private const int LogLength = 8;
    private const int Offset = 100;

    // First line of each band, and the end of the last.
    private static readonly byte[] Edges = { 2, 4, 6, 8, 11, 14, 18, 23, 29, 36, 44, 54, 66, 80, 96, 112, 128 };

    private readonly short[] _hann = new short[Length];
    private readonly int[] _re = new int[Length];
    private readonly int[] _im = new int[Length];
    private readonly FixedPointFft _fft;

    /// <summary>Creates the tables and buffers, 3.3 KB.</summary>
    public SpectralFeatures()
    {
        short[] sines = SineTable.Create();
        _fft = new FixedPointFft(sines);
        for (int n = 0; n < Length; n++)
            _hann[n] = (short)((32767 - sines[n + (Length / 4)]) >> 1);
    }

    /// <summary>Computes the features of a window.</summary>
    /// <param name="samples">Samples of at most 12 bits, unsigned.</param>
    /// <param name="features">Takes <see cref="Bands"/> values from -128 to 127, <see cref="StepsPerDoubling"/> steps to the doubling of an energy.</param>
    public void Compute(short[] samples, sbyte[] features)
    {
        int shift = Load(samples);
        _fft.Transform(_re, _im);
        for (int band = 0; band < Bands; band++)
        {
            int level = Log2(Energy(Edges[band], Edges[band + 1]) + 1) + (shift << 5);
            int feature = (level >> 2) - Offset;
            features[band] = (sbyte)(feature < sbyte.MinValue ? sbyte.MinValue : feature > sbyte.MaxValue ? sbyte.MaxValue : feature);
        }
    }

    /// <summary>16 times the binary logarithm of a value of at least 1, linear between powers of two: at most 1.4 below the true one, and rounded down.</summary>
    public static int Log2(long value)
    {
        int exponent = 0;
        while (value >= 256)
        {
            value >>= 4;
            exponent += 4;
        }
        int mantissa = (int)value;
        // Between 1 and 255: five digits from the first one on.
        mantissa <<= 4;
        while (mantissa >= 32)
        {
            mantissa >>= 1;
            exponent++;
        }
        return (exponent << 4) + (mantissa & 15);
    }

    private int Load(short[] samples)
    {
        int[] scaled = _re;
        short[] hann = _hann;
        int sum = 0;
        for (int i = 0; i < Length; i++)
            sum += samples[i];
        int mean = sum >> LogLength;
        int peak = 0;
        for (int i = 0; i < Length; i++)
        {
            int value = (samples[i] - mean) * hann[i];
            scaled[i] = value;
            if (value < 0)
                value = -value;
            if (value > peak)
                peak = value;
        }
        int shift = 0;
        while ((peak >> shift) > short.MaxValue)
            shift++;
        int half = (1 << shift) >> 1;
        for (int i = 0; i < Length; i++)
            scaled[i] = (scaled[i] + half) >> shift;
        return shift;
    }

    private long Energy(int from, int to)
    {
        int[] re = _re;
        int[] im = _im;
        long energy = 0;
        for (int line = from; line < to; line++)
        {
            int a = re[line];
            int b = im[line];
            energy += (a * a) + (b * b);
        }
        return energy;
    }
}
