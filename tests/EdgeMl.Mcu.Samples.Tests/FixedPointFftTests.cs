using System.Numerics;
using EdgeMl.Mcu.Samples.VibrationAnomaly;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Samples.Tests;

public sealed class FixedPointFftTests
{
    // Each of the eight stages adds, to each part, half of a product's rounding (0.25) and that of the halving (0.5), and half of what a twiddle factor is off (0.36).
    private static readonly double ErrorMax = 8 * ((0.75 * Math.Sqrt(2)) + 0.36);

    private const double RootMeanSquareErrorMax = 2.0;

    private readonly FixedPointFft _fft = new(SineTable.Create());

    [Fact]
    public void The_sine_table_is_rounded_to_the_nearest_step()
    {
        short[] sines = SineTable.Create();

        Assert.Equal(SineTable.Length * 5 / 4, sines.Length);
        Assert.All(sines.Select((sine, step) => (sine, step)), entry => Assert.InRange(entry.sine - (32767 * Math.Sin(2 * Math.PI * entry.step / SineTable.Length)), -0.5000001, 0.5000001));
    }

    [Fact]
    public void A_transform_is_the_discrete_Fourier_transform_within_its_rounding() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Gen.Choose(-32768, 32768).ListOf(FixedPointFft.Length).ToArbitrary(), values =>
        {
            double[] deviations = Deviations([.. values]);
            return deviations.Max() <= ErrorMax && Math.Sqrt(deviations.Average(deviation => deviation * deviation)) <= RootMeanSquareErrorMax;
        }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    public void Full_scale_does_not_overflow(int line)
    {
        int[] values = [.. Enumerable.Range(0, FixedPointFft.Length).Select(n => Math.Cos(2 * Math.PI * line * n / FixedPointFft.Length) >= 0 ? 32768 : -32768)];

        Assert.InRange(Deviations(values).Max(), 0, ErrorMax);
    }

    private double[] Deviations(int[] values)
    {
        int[] re = [.. values];
        var im = new int[values.Length];
        _fft.Transform(re, im);
        return [.. Enumerable.Range(0, values.Length).Select(k => (new Complex(re[k], im[k]) - Line(values, k)).Magnitude)];
    }

    private static Complex Line(int[] values, int k)
    {
        Complex sum = Complex.Zero;
        for (int n = 0; n < values.Length; n++)
            sum += values[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / values.Length);
        return sum / values.Length;
    }
}
