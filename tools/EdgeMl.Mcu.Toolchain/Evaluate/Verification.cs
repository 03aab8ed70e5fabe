using System.Text.Json.Serialization;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>How far outputs may be from the expected ones: <c>|actual - expected| &lt;= Absolute + Relative * |expected|</c>.</summary>
public sealed record Tolerance(double Absolute, double Relative)
{
    /// <summary>Equality, for integer models.</summary>
    public static Tolerance Exact { get; } = new(0, 0);

    /// <summary>1e-5 and 1e-4, for float models.</summary>
    public static Tolerance Default { get; } = new(1e-5, 1e-4);

    /// <summary>Whether a value is near enough. NaN is near NaN only, an infinity near itself only.</summary>
    public bool Accepts(double expected, double actual) =>
        expected.Equals(actual) || Math.Abs(actual - expected) <= (double.IsFinite(expected) ? Absolute + Relative * Math.Abs(expected) : 0);
}

/// <summary>The first element that is not as expected.</summary>
/// <param name="Output">Name of the output; null where the model has only one.</param>
/// <param name="Sample">Index of the sample.</param>
/// <param name="Index">Index of the element in the sample, in the source model's layout.</param>
/// <param name="Expected">Expected value in the output's own type; null where it is not finite.</param>
/// <param name="Actual">Value that the model gave; null where it is not finite.</param>
public sealed record Mismatch(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Output, int Sample, int Index, double? Expected, double? Actual);

/// <summary>What a verification found.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Samples">Number of samples that were compared.</param>
/// <param name="Mismatches">Number of elements outside the tolerance.</param>
/// <param name="MaxAbsDiff">Largest difference, in the output's own type (LSB where it is integer); null where a difference is not finite.</param>
/// <param name="First">The first mismatch, by sample, then output, then element.</param>
/// <param name="Ok">Whether there is no mismatch.</param>
public sealed record VerificationReport(string Model, int Samples, long Mismatches, double? MaxAbsDiff, Mismatch? First, bool Ok);

/// <summary>Compares a model's outputs with expected ones.</summary>
public static class Verification
{
    /// <summary>Compares samples.</summary>
    /// <param name="model">Name of the model, for the report.</param>
    /// <param name="expected">Expected samples of each output.</param>
    /// <param name="actual">What the model gave, in the same order.</param>
    /// <param name="tolerance">Which differences do not count.</param>
    /// <exception cref="ToolchainException"><c>data.sample-count-mismatch</c>.</exception>
    public static VerificationReport Compare(string model, IReadOnlyList<SampleSet> expected, IReadOnlyList<SampleSet> actual, Tolerance tolerance)
    {
        int samples = actual[0].Count;
        foreach (SampleSet set in expected)
        {
            if (set.Count != samples)
            {
                throw new ToolchainException(ErrorCodes.SampleCountMismatch,
                    $"The expected values of '{set.Port.Name}' have {set.Count} samples and the inputs {samples}.", "Give the outputs of the same samples.");
            }
        }
        var differences = new Differences(tolerance);
        for (int sample = 0; sample < samples; sample++)
        {
            for (int output = 0; output < expected.Count; output++)
                differences.Add(expected[output], actual[output], sample, expected.Count > 1 ? expected[output].Port.Name : null);
        }
        return new VerificationReport(model, samples, differences.Mismatches, Finite(differences.Largest), differences.First, differences.Mismatches == 0);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private sealed class Differences(Tolerance tolerance)
    {
        public long Mismatches { get; private set; }

        public double Largest { get; private set; }

        public Mismatch? First { get; private set; }

        public void Add(SampleSet expectedSet, SampleSet actualSet, int sample, string? output)
        {
            double[] expected = Numbers(expectedSet, sample);
            double[] actual = Numbers(actualSet, sample);
            for (int i = 0; i < expected.Length; i++)
            {
                if (!expected[i].Equals(actual[i]))
                    Largest = Math.Max(Largest, Math.Abs(actual[i] - expected[i]));
                if (tolerance.Accepts(expected[i], actual[i]))
                    continue;
                Mismatches++;
                First ??= new Mismatch(output, sample, i, Finite(expected[i]), Finite(actual[i]));
            }
        }

        private static double[] Numbers(SampleSet set, int sample) => new NumericArray(set.Port.SourceShape, set.Sample(sample)).ToDoubles();
    }
}
