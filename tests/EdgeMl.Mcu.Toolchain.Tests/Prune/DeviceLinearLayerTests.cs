using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Tests.Variants;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Pruning;

public class DeviceLinearLayerTests
{
    [Fact]
    public void Weights_that_are_written_back_are_the_layers_own() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        return new[] { RandomLinear.Depthwise(random), FullyConnected(random) }.All(layer =>
            DeviceLinearLayer.Of(layer)!.With(Read(layer)).Weights.AsSpan().SequenceEqual(layer.Weights));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Outputs_without_weights_depend_on_the_bias_only_whatever_the_zero_point_of_weights() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        DeviceLayer layer = FullyConnected(random);
        LayerWeights weights = Read(layer);
        DeviceLayer empty = DeviceLinearLayer.Of(layer)!.With(weights.Only([.. weights.Rows.Select(row => new bool[row.Length])]));
        return empty.Weights.Take(weights.Count).All(weight => (sbyte)weight == layer.Parameters[Runtime.Kernels.FullyConnected.WeightZeroPoint])
            && SingleLayer.Run(empty, RandomLinear.Input(layer, random)).AsSpan().SequenceEqual(SingleLayer.Run(empty, RandomLinear.Input(layer, random)));
    }).QuickCheckThrowOnFailure();

    private static LayerWeights Read(DeviceLayer layer) => LayerWeights.Of(DeviceLinearLayer.Of(layer)!.Linear);

    private static DeviceLayer FullyConnected(Random random)
    {
        DeviceLayer layer = RandomLinear.FullyConnectedRow(random);
        layer.Parameters[Runtime.Kernels.FullyConnected.WeightZeroPoint] = random.Next(-20, 20);
        return layer;
    }
}
