using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class PruningAccuracyTests
{
    [Fact]
    public void Compensation_keeps_accuracy_that_removal_by_magnitude_loses()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        PruningCurve[] curves = [.. PruningCurve.Models.Select(model => PruningCurve.Measure(model, TestContext.Current.CancellationToken))];
        foreach (PruningCurve curve in curves)
        {
            Assert.All(curve.Points, point => Assert.True(point.Obs >= point.Magnitude - 1, $"{curve.Model} at {point.Sparsity}: {point.Obs} and {point.Magnitude} of {curve.Total}"));
            PruningPoint half = curve.Points.Single(point => point.Sparsity == 0.5);
            Assert.True(100 * (curve.Dense - half.Obs) <= curve.Total, $"{curve.Model} at 50 %: {half.Obs} of {curve.Total}, {curve.Dense} before");
        }
        double difference = curves.Average(curve => curve.Points.Average(point => 100.0 * (point.Obs - point.Magnitude) / curve.Total));
        Assert.True(difference >= 2, $"obs is {difference} points above magnitude");
    }

    [Fact]
    public void Compensation_on_the_int8_grid_keeps_accuracy_on_the_device()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        double difference = 0;
        foreach (string name in PruningCurve.Models)
        {
            var model = new FloatModel(name);
            ModelGraph quantized = GraphBuilder.Quantize(model.Graph, model.Training).Graph;
            int dense = Correct(model, quantized), obs = Pruned(PruningMethod.Obs), magnitude = Pruned(PruningMethod.Magnitude);
            Assert.True(100 * (dense - obs) <= 2 * model.Test.Length, $"{name}: {obs} of {model.Test.Length}, {dense} before");
            difference += 100.0 * (obs - magnitude) / model.Test.Length / PruningCurve.Models.Count;

            int Pruned(PruningMethod method) => Correct(model, Pruner.Prune(
                quantized, model.Training, new PruningOptions { Sparsity = 0.6, Method = method }, cancellation: TestContext.Current.CancellationToken).Graph);
        }
        Assert.True(difference >= 2, $"obs is {difference} points above magnitude");
    }

    [Fact]
    public void A_device_model_is_pruned_as_well_as_the_graph_that_it_came_from()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        double toGraph = 0, toMagnitude = 0;
        foreach (string name in PruningCurve.Models)
        {
            var model = new FloatModel(name);
            ModelGraph quantized = GraphBuilder.Quantize(model.Graph, model.Training).Graph;
            byte[] file = EmlmCompiler.Compile(quantized).Bytes;
            var options = new PruningOptions { Sparsity = 0.6 };
            int dense = Correct(model, quantized), obs = Pruned(options), magnitude = Pruned(options with { Method = PruningMethod.Magnitude });
            int inGraph = Correct(model, Pruner.Prune(quantized, model.Training, options, cancellation: TestContext.Current.CancellationToken).Graph);
            TestContext.Current.SendDiagnosticMessage($"{name}: {dense} dense, {obs} obs, {magnitude} magnitude, {inGraph} obs in the graph, of {model.Test.Length}");
            Assert.True(100 * (dense - obs) <= 2 * model.Test.Length, $"{name}: {obs} of {model.Test.Length}, {dense} before");
            toGraph += 100.0 * (obs - inGraph) / model.Test.Length / PruningCurve.Models.Count;
            toMagnitude += 100.0 * (obs - magnitude) / model.Test.Length / PruningCurve.Models.Count;

            int Pruned(PruningOptions how)
            {
                DevicePruningResult result = DevicePruner.Prune(DeviceModelFile.Parse(file, name), file, model.Training, how, cancellation: TestContext.Current.CancellationToken);
                Assert.InRange(result.Sparsity, 0.6, 0.62);
                return Correct(model, result.Model);
            }
        }
        Assert.InRange(toGraph, -0.5, double.MaxValue);
        Assert.True(toMagnitude >= 1, $"obs is {toMagnitude} points above magnitude");
    }

    private static int Correct(FloatModel model, ModelGraph quantized) => Correct(model, EmlmCompiler.Compile(quantized).Bytes);

    private static int Correct(FloatModel model, byte[] file)
    {
        var device = new DeviceRun(file);
        return model.Correct(model.Test.Select(device.Run));
    }
}
