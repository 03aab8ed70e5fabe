using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class SensitivityAnalysisTests
{
    private static readonly float[][][] Samples = PruningModels.Samples(130, 72, 1);

    [Fact]
    public void Fewer_bits_and_fewer_weights_give_more_noise()
    {
        SensitivityReport report = Measure(PruningModels.Convolutions(), null);
        Assert.Equal(["first", "depthwise", "second", "y"], report.Layers.Select(layer => layer.Name));
        Assert.Null(report.Accuracy);
        foreach (LayerSensitivity layer in report.Layers)
        {
            Assert.Equal(SensitivityAnalysis.Sparsities, layer.Sparsity.Select(point => point.Value));
            Assert.True(layer.Sparsity[0].SignalToNoiseDb > layer.Sparsity[^1].SignalToNoiseDb, layer.Name);
            double[] bits = [.. layer.Bits.Select(point => point.SignalToNoiseDb!.Value)];
            Assert.Equal(bits.OrderDescending(), bits);
            // A bit is worth about 6 dB.
            Assert.InRange(bits[0] - bits[3], 15, 35);
        }
    }

    [Fact]
    public void With_labels_the_accuracy_is_measured()
    {
        ModelGraph graph = PruningModels.Convolutions();
        int[] labels = [.. new FloatExecutor(graph).RunBatch(Samples, TestContext.Current.CancellationToken).Select(outputs => Array.IndexOf(outputs[0], outputs[0].Max()))];
        SensitivityReport report = Measure(graph, labels);
        Assert.Equal((65, 1.0), (report.Samples, report.Accuracy!.Value));
        Assert.All(report.Layers, layer => Assert.True(layer.Bits[0].Accuracy >= layer.Bits[^1].Accuracy, layer.Name));
        Assert.Contains(report.Layers, layer => layer.Sparsity[^1].Accuracy < 1);
    }

    [Fact]
    public void A_quantised_graph_is_measured_with_its_own_rounding()
    {
        SensitivityReport report = Measure(GraphBuilder.Quantize(PruningModels.Convolutions(), Samples).Graph, null);
        // Its weights have 8 bits already.
        Assert.All(report.Layers, layer => Assert.True(layer.Bits[0].SignalToNoiseDb is null or > 40, $"{layer.Name}: {layer.Bits[0].SignalToNoiseDb}"));
        Assert.All(report.Layers, layer => Assert.InRange(layer.Bits[^1].SignalToNoiseDb!.Value, -10, 30));
    }

    [Fact]
    public void Labels_of_other_samples_are_refused()
    {
        ToolchainException e = Assert.Throws<ToolchainException>(() => Measure(PruningModels.Convolutions(), [1, 2]));
        Assert.Equal(ErrorCodes.SampleCountMismatch, e.Code);
    }

    private static SensitivityReport Measure(ModelGraph graph, int[]? labels) =>
        SensitivityAnalysis.Measure(graph, Samples, labels, cancellation: TestContext.Current.CancellationToken);
}
