using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

public class MetricTests
{
    [Fact]
    public void Predictions_take_the_largest_value_and_the_lowest_index_of_equal_ones()
    {
        var port = new GraphPort(new Tensor("y", ElementType.Int8, new Shape(1, 3), new Quantization(1, 0)));
        Assert.Equal([2, 0, 1], Classification.Predictions(new SampleSet(port, new sbyte[] { -128, 0, 127, 5, 5, 5, -3, -1, -1 })));
    }

    [Fact]
    public void The_confusion_matrix_has_true_classes_in_rows()
    {
        AccuracyReport report = AccuracyReport.Of("m", predictions: [0, 1, 1], labels: [0, 0, 1], classes: 2);
        Assert.Equal((2, 3, 2 / 3.0), (report.Correct, report.Total, report.Accuracy));
        Assert.Equal([[1, 1], [0, 1]], report.Confusion);
    }

    [Fact]
    public void Auc_is_the_share_of_ordered_pairs() => Prop.ForAll(
        Gen.Choose(0, 5).Zip(Gen.Choose(0, 1)).ArrayOf().Where(d => d.Any(p => p.Item2 == 0) && d.Any(p => p.Item2 == 1)).ToArbitrary(),
        samples =>
        {
            double[] pairs = [.. samples.Where(p => p.Item2 == 1).SelectMany(_ => samples.Where(n => n.Item2 == 0), (p, n) => p.Item1 > n.Item1 ? 1 : p.Item1 == n.Item1 ? 0.5 : 0)];
            double auc = ScalarMetrics.Auc([.. samples.Select(s => (double)s.Item1)], [.. samples.Select(s => s.Item2)]);
            return Math.Abs(auc - pairs.Average()) < 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Auc_needs_both_classes() =>
        Assert.Equal(ErrorCodes.OutOfRange, Assert.Throws<ToolchainException>(() => ScalarMetrics.Auc([1, 2], [1, 1])).Code);

    [Fact]
    public void A_reconstruction_is_scored_by_its_squared_error()
    {
        var port = new GraphPort(new Tensor("x", ElementType.Float32, new Shape(1, 3)));
        Assert.Equal([3, 0], ScalarMetrics.Scores(new SampleSet(port, new float[] { 0, 0, 0, 1, 2, 3 }), new SampleSet(port, new float[] { 0, 0, 3, 1, 2, 3 })));
    }

    [Theory]
    [InlineData("0\n1\n2\n", null)]
    [InlineData("0\n3\n", ErrorCodes.OutOfRange)]
    [InlineData("0\n-1\n", ErrorCodes.OutOfRange)]
    [InlineData("0.5\n", ErrorCodes.OutOfRange)]
    [InlineData("0,1\n", ErrorCodes.ShapeMismatch)]
    public void Labels_are_whole_numbers_below_the_number_of_classes(string text, string? code)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("y.csv", text);
        if (code is null)
            Assert.Equal([0, 1, 2], LabelFile.ReadClasses(path, 3));
        else
            Assert.Equal(code, Assert.Throws<ToolchainException>(() => LabelFile.ReadClasses(path, 3)).Code);
    }
}
