using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Ota.Tests.Delta;

/// <summary>Deltas of a keyword spotter of 29.7 KB.</summary>
public class ModelDeltaTests(ITestOutputHelper log)
{
    private const string Model = "kws_ref_int8";

    [Fact]
    public void A_retrained_last_layer_costs_at_most_two_percent_of_a_30_KB_model() =>
        AssertCost("last layer", graph => Retraining.LastLayer(graph, deviation: 3, seed: 1), 0.02);

    [Fact]
    public void Two_percent_of_the_weights_cost_about_three_percent() =>
        AssertCost("2 % of the weights", graph => Retraining.SomeWeights(graph, part: 0.02, seed: 2), 0.035);

    [Fact]
    public void Pruned_weights_cost_little_more_than_which_they_are() =>
        AssertCost("20 % of the weights are 0", graph => Sparsity.Prune(graph, 0.2), 0.12);

    private void AssertCost(string name, Func<ModelGraph, ModelGraph> change, double limit)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        ModelGraph graph = ModelLoader.Load(CompiledModels.GoldenPath(Model));
        byte[] original = EmlmCompiler.Compile(graph).Bytes, target = EmlmCompiler.Compile(change(graph)).Bytes;
        Assert.InRange(original.Length, 29_000, 31_000);

        byte[] delta = DeltaEncoder.Encode(original, target);

        log.WriteLine($"{name}: {delta.Length} of {target.Length} bytes, {100.0 * delta.Length / target.Length:F2} %");
        Assert.Equal(target, Deltas.Apply(original, delta));
        Assert.InRange(delta.Length, 1, limit * target.Length);
    }
}
