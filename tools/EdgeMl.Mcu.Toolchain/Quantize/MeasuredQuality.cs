namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A quality with what a comparison of two models on the same samples needs.</summary>
/// <param name="Quality">The summary.</param>
/// <param name="Noise">Power of the outputs' error as a part of their power.</param>
/// <param name="Correct">Whether the prediction for each sample is its label; null without labels.</param>
/// <param name="Agrees">Whether the prediction for each sample is the float model's; null where there are no classes.</param>
internal sealed record MeasuredQuality(QuantizationQuality Quality, double Noise, bool[]? Correct, bool[]? Agrees)
{
    /// <summary>A model with this part of another one's noise, 0.1 dB less, is better; anything nearer is as good.</summary>
    private const double LessNoise = 0.977;

    /// <summary>
    /// Whether this model is to be preferred to another one: by accuracy, then agreement, then noise. A difference in the number of samples
    /// counts only where it is more than the standard deviation that chance gives it, the square root of the number of samples on which the two
    /// differ (McNemar's test); one sample more among hundreds says less than the noise, which all samples take part in. Of equal ones the other
    /// one stays.
    /// </summary>
    public bool IsBetterThan(MeasuredQuality other)
    {
        int difference = Difference(Correct, other.Correct);
        if (difference == 0)
            difference = Difference(Agrees, other.Agrees);
        return difference != 0 ? difference > 0 : Noise < LessNoise * other.Noise;
    }

    /// <summary>Whether this model is worse than another one: fewer right or agreeing predictions than chance explains, or more than some times its noise.</summary>
    public bool IsWorseThan(MeasuredQuality other, double noise) =>
        Difference(Correct, other.Correct) < 0 || Difference(Agrees, other.Agrees) < 0 || Noise > noise * other.Noise;

    private static int Difference(bool[]? mine, bool[]? others)
    {
        if (mine is null || others is null)
            return 0;
        int gained = mine.Zip(others).Count(pair => pair.First && !pair.Second), lost = mine.Zip(others).Count(pair => !pair.First && pair.Second);
        int difference = gained - lost;
        return (long)difference * difference > gained + lost ? difference : 0;
    }
}
