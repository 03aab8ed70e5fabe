using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>The range whose int8 quantisation has the least mean squared error over a histogram: what saturation costs against what finer steps gain.</summary>
internal static class LeastSquaresRange
{
    /// <summary>Bins that are taken together; all of their values are taken to lie in the middle, an eighth of an int8 step of the whole range wide.</summary>
    private const int Merged = 4;

    private const int Candidates = 32;
    private const int RoundsMax = 3;

    /// <summary>Finds the range. Both ends are searched in turn, on a grid of 1/32 of what may be cut off and then around the best point of it.</summary>
    public static ValueRange Of(Histogram histogram)
    {
        (double Value, long Count)[] points = Points(histogram);
        int zero = histogram.ZeroBin, low = 0, high = Histogram.BinCount;
        double best = Error(points, histogram.RangeOf(low, high));
        for (int round = 0; round < RoundsMax; round++)
        {
            (int oldLow, int oldHigh) = (low, high);
            Search(zero + 1, Histogram.BinCount, ref high, candidate => Error(points, histogram.RangeOf(low, candidate)), ref best);
            Search(0, zero, ref low, candidate => Error(points, histogram.RangeOf(candidate, high)), ref best);
            if ((low, high) == (oldLow, oldHigh))
                break;
        }
        return histogram.RangeOf(low, high);
    }

    private static void Search(int first, int last, ref int end, Func<int, double> error, ref double best)
    {
        int step = Math.Max(1, (last - first) / Candidates);
        Scan(first, last, step, ref end, error, ref best);
        Scan(Math.Max(first, end - step), Math.Min(last, end + step), Math.Max(1, step / (Candidates / 4)), ref end, error, ref best);
    }

    private static void Scan(int first, int last, int step, ref int end, Func<int, double> error, ref double best)
    {
        for (int candidate = first; candidate <= last; candidate += step)
        {
            if (error(candidate) is var value && value < best)
                (best, end) = (value, candidate);
        }
    }

    private static (double Value, long Count)[] Points(Histogram histogram)
    {
        var points = new List<(double, long)>();
        for (int i = 0; i < Histogram.BinCount; i += Merged)
        {
            long count = 0;
            foreach (long bin in histogram.Bins.Slice(i, Merged))
                count += bin;
            if (count > 0)
                points.Add((histogram.Range.Min + ((i + (Merged / 2.0)) * histogram.BinWidth), count));
        }
        return [.. points];
    }

    private static double Error((double Value, long Count)[] points, ValueRange range)
    {
        Quantization quantization = range.ToInt8();
        double scale = quantization.Scale, zeroPoint = quantization.ZeroPoint, sum = 0;
        foreach ((double value, long count) in points)
        {
            double steps = Math.Clamp(Math.Round(value / scale), sbyte.MinValue - zeroPoint, sbyte.MaxValue - zeroPoint);
            double error = value - (steps * scale);
            sum += count * error * error;
        }
        return sum;
    }
}
