namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Counts of values in equally wide bins of a known range.</summary>
internal sealed class Histogram(ValueRange range)
{
    /// <summary>64 KiB for each activation and worker; a bin is 1/32 of an int8 step of the whole range.</summary>
    public const int BinCount = 8192;

    private readonly long[] _bins = new long[BinCount];
    private readonly double _binWidth = ((double)range.Max - range.Min) / BinCount;

    /// <summary>Number of values in each bin.</summary>
    public ReadOnlySpan<long> Bins => _bins;

    /// <summary>Width of a bin; 0 where all values are equal.</summary>
    public double BinWidth => _binWidth;

    /// <summary>The range that the bins divide.</summary>
    public ValueRange Range => range;

    /// <summary>Counts values, all of which lie in the range.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        double binsPerUnit = _binWidth > 0 ? 1 / _binWidth : 0;
        foreach (float value in values)
            _bins[Math.Clamp((int)(((double)value - range.Min) * binsPerUnit), 0, BinCount - 1)]++;
    }

    /// <summary>Adds another histogram of the same range.</summary>
    public void Add(Histogram other)
    {
        for (int i = 0; i < BinCount; i++)
            _bins[i] += other._bins[i];
    }

    /// <summary>The values of bins <paramref name="low"/> (included) to <paramref name="high"/> (excluded); the ends of the whole range are exact.</summary>
    public ValueRange RangeOf(int low, int high) => new(
        low == 0 ? range.Min : (float)(range.Min + low * _binWidth),
        high == BinCount ? range.Max : (float)(range.Min + high * _binWidth));

    /// <summary>The smallest range of whole bins that leaves out at most 100 - <paramref name="percentile"/> percent of the values on each side.</summary>
    public ValueRange Without(double percentile)
    {
        double tail = _bins.Sum() * (100 - percentile) / 100;
        int low = 0, high = BinCount - 1;
        for (long cut = _bins[low]; low < high && cut <= tail; cut += _bins[low])
            low++;
        for (long cut = _bins[high]; high > low && cut <= tail; cut += _bins[high])
            high--;
        return RangeOf(low, high + 1);
    }

    /// <summary>The bin of the value 0, or the nearest one where 0 lies outside the range. A search for a range keeps it, as every int8 range holds 0.</summary>
    public int ZeroBin => _binWidth > 0 ? (int)Math.Clamp(Math.Floor(-range.Min / _binWidth), 0, BinCount - 1) : 0;
}
