using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class VerificationTests
{
    private static readonly GraphPort Port = new(new Tensor("y", ElementType.Float32, new Shape(1, 2)));

    [Theory]
    [InlineData(1f, 1.0001f, true)]
    [InlineData(1f, 1.0002f, false)]
    [InlineData(0f, 0.00001f, true)]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.NaN, 0f, false)]
    [InlineData(0f, float.NaN, false)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    [InlineData(float.PositiveInfinity, float.MaxValue, false)]
    [InlineData(1f, float.PositiveInfinity, false)]
    public void The_default_tolerance_is_that_of_the_contract(float expected, float actual, bool accepted) =>
        Assert.Equal(accepted, Tolerance.Default.Accepts(expected, actual));

    [Fact]
    public void The_report_counts_elements_and_names_the_first_mismatch()
    {
        VerificationReport report = Compare([1, 2, 3, 4], [1, 2, 3, 6]);
        Assert.Equal(new VerificationReport("m", 2, 1, 2, new Mismatch(null, 1, 1, 4, 6), false), report);
    }

    [Fact]
    public void A_value_that_is_not_finite_is_reported_as_null()
    {
        VerificationReport report = Compare([1, 2], [1, float.NaN]);
        Assert.Equal(new VerificationReport("m", 1, 1, null, new Mismatch(null, 0, 1, 2, null), false), report);
    }

    [Fact]
    public void Equal_outputs_are_ok() => Assert.Equal(new VerificationReport("m", 1, 0, 0, null, true), Compare([1, 2], [1, 2]));

    [Fact]
    public void Expected_values_of_other_samples_are_refused() =>
        Assert.Equal(ErrorCodes.SampleCountMismatch, Assert.Throws<ToolchainException>(() => Compare([1, 2], [1, 2, 3, 4])).Code);

    private static VerificationReport Compare(float[] expected, float[] actual) =>
        Verification.Compare("m", [new SampleSet(Port, expected)], [new SampleSet(Port, actual)], Tolerance.Exact);
}
