namespace EdgeMl.Mcu.Toolchain.Plan.Tables;

/// <summary>The error function <c>erf(x) = 2/√π ∫₀ˣ exp(-t²) dt</c>.</summary>
internal static class ErrorFunction
{
    private const double SeriesEnd = 3;
    private const double Saturation = 6;
    private const int Fractions = 60;

    /// <summary>
    /// The value at a point, to about 1e-14: the Maclaurin series (Abramowitz and Stegun 7.1.6) up to |x| = 3, the continued fraction of
    /// the complement (7.1.14) beyond.
    /// </summary>
    public static double Evaluate(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude <= SeriesEnd)
            return Series(x);
        return magnitude >= Saturation ? Math.Sign(x) : Math.Sign(x) * (1 - Complement(magnitude));
    }

    // 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms have the sign of x.
    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))).
    private static double Complement(double x)
    {
        double tail = x;
        for (int k = Fractions; k > 0; k--)
            tail = x + (k / 2.0 / tail);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }
}
