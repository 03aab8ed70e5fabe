using EdgeMl.Mcu.Runtime.Edges;

namespace EdgeMl.Mcu.Runtime.Tests.Edges;

public class FloatMathTests
{
    private const int Samples = 400_000;

    [Fact]
    public void Exponentials_are_within_one_unit_in_the_last_place()
    {
        var random = new Random(1);
        for (int i = 0; i < Samples; i++)
        {
            float x = -(float)(random.NextDouble() * (i % 2 == 0 ? 87 : 1));
            ShouldBeNear(Math.Exp(x), FloatMath.Exp(x), x);
        }
    }

    [Fact]
    public void Logarithms_are_within_one_unit_in_the_last_place()
    {
        var random = new Random(2);
        for (int i = 0; i < Samples; i++)
        {
            // What LogSoftmax takes the logarithm of: a sum of exponentials, the greatest of which is 1.
            float x = 1 + (float)(random.NextDouble() * (i % 2 == 0 ? 2000 : 0.5));
            ShouldBeNear(Math.Log(x), FloatMath.Log(x), x);
        }
    }

    [Fact]
    public void The_ends_of_the_range_are_exact()
    {
        Assert.Equal(1, FloatMath.Exp(0));
        Assert.Equal(1, FloatMath.Exp(-0f));
        Assert.Equal(0, FloatMath.Exp(-104));
        Assert.Equal(0, FloatMath.Exp(float.NegativeInfinity));
        Assert.Equal(0, FloatMath.Exp(float.MinValue));
        Assert.Equal(0, FloatMath.Exp(float.NaN));
        Assert.Equal(0, FloatMath.Log(1));
    }

    [Fact]
    public void Denormal_results_are_within_one_step()
    {
        for (float x = -103.9f; x < -87; x += 0.01f)
            Assert.InRange(FloatMath.Exp(x), (float)Math.Exp(x) - float.Epsilon, (float)Math.Exp(x) + float.Epsilon);
    }

    [Fact]
    public void Softmax_rows_add_up_to_one_and_their_logarithms_agree()
    {
        var random = new Random(3);
        float[] values = Array.ConvertAll(new float[40], _ => (float)((random.NextDouble() * 20) - 10));
        float[] logarithms = [.. values];
        FloatSoftmax.Softmax(values, 8);
        FloatSoftmax.LogSoftmax(logarithms, 8);
        for (int row = 0; row < 5; row++)
            Assert.Equal(1, values.AsSpan(row * 8, 8).ToArray().Sum(), 1e-6f);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(Math.Log(values[i]), logarithms[i], 1e-5);
    }

    private static void ShouldBeNear(double expected, float actual, float x)
    {
        float nearest = (float)expected;
        Assert.True(actual >= MathF.BitDecrement(nearest) && actual <= MathF.BitIncrement(nearest), $"{x:R}: {actual:R} instead of {expected:R}");
    }
}
