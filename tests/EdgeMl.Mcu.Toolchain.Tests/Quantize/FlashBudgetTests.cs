using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class FlashBudgetTests
{
    private readonly ModelGraph _graph = ThreeLayers();

    [Fact]
    public void A_model_that_fits_keeps_8_bits()
    {
        QuantizedModel model = Run(100_000);
        Assert.Equal([8, 8, null, 8], model.Result.Layers.Select(layer => layer.WeightBits));
    }

    [Fact]
    public void Every_budget_between_the_extremes_is_met_with_as_few_4_bit_layers_as_it_takes()
    {
        int eight = Run(100_000).Compiled.Bytes.Length, previous = 0;
        for (int budget = eight - 1; budget > eight - 800; budget -= 250)
        {
            QuantizedModel model = Run(budget);
            int layers = model.Result.Layers.Count(layer => layer.WeightBits == 4);
            Assert.InRange(model.Compiled.Bytes.Length, 1, budget);
            Assert.InRange(layers, Math.Max(1, previous), 3);
            previous = layers;
        }
    }

    [Fact]
    public void The_layer_that_it_costs_least_gets_the_coarser_weights()
    {
        // Layer "fine" hardly changes the outputs, layer "y" is them; both could give what is missing.
        QuantizedModel model = Run(Run(100_000).Compiled.Bytes.Length - 100);
        Assert.Equal(["fine"], model.Result.Layers.Where(layer => layer.WeightBits == 4).Select(layer => layer.Name));
    }

    [Fact]
    public void A_budget_that_cannot_be_met_is_refused_with_the_numbers()
    {
        ToolchainException e = Assert.Throws<ToolchainException>(() => Run(500));
        Assert.Equal(ErrorCodes.DoesNotFit, e.Code);
        Assert.Contains("the flash budget is 500", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Automatic_quantisation_keeps_to_the_bits_that_the_budget_chose()
    {
        int budget = Run(100_000).Compiled.Bytes.Length - 100;
        QuantizedModel model = new QuantizationJob { FlashBudget = budget }.Run(
            _graph, Samples(), cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(model.Compiled.Bytes.Length, 1, budget);
        Assert.NotNull(model.Auto);
        Assert.Single(model.Result.Layers, layer => layer.WeightBits == 4);
    }

    [Fact]
    public void The_choice_saves_enough_at_the_least_cost() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        int count = random.Next(1, 9);
        long[] saved = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(1, 60))];
        double[] costs = [.. saved.Select(_ => random.NextDouble())];
        long needed = random.NextInt64(1, saved.Sum() + 1);
        int[] chosen = FlashBudget.Choose([.. Enumerable.Range(0, count)], saved, costs, needed);
        double best = Enumerable.Range(0, 1 << count)
            .Where(set => Enumerable.Range(0, count).Sum(i => (set >> i & 1) * saved[i]) >= needed)
            .Min(set => Enumerable.Range(0, count).Sum(i => (set >> i & 1) * costs[i]));
        return chosen.Distinct().Count() == chosen.Length && chosen.Sum(i => saved[i]) >= needed
            && (needed == saved.Sum() || Math.Abs(chosen.Sum(i => costs[i]) - best) < 1e-12);
    }).QuickCheckThrowOnFailure();

    private QuantizedModel Run(int budget) => new QuantizationJob { Method = CalibrationMethod.MinMax, FlashBudget = budget }.Run(
        _graph, Samples(), cancellation: TestContext.Current.CancellationToken);

    private static float[][][] Samples() => GraphBuilder.Uniform(40, 32, -1, 1);

    /// <summary>Layers of 1024, 1024 and 320 weights; the outputs hardly depend on the second one's.</summary>
    private static ModelGraph ThreeLayers()
    {
        var random = new Random(5);
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 32);
        Tensor coarse = builder.FullyConnected("coarse", x, GraphBuilder.Values(random, 1024, -0.3f, 0.3f), new float[32], Activation.Relu);
        Tensor fine = builder.FullyConnected("fine", coarse, GraphBuilder.Values(random, 1024, -1e-3f, 1e-3f), new float[32], Activation.Relu);
        Tensor sum = builder.Node("sum", new Binary(BinaryKind.Add), [1, 32], coarse, fine);
        return builder.Output(builder.FullyConnected("y", sum, GraphBuilder.Values(random, 320, -0.5f, 0.5f), new float[10])).Graph;
    }
}
