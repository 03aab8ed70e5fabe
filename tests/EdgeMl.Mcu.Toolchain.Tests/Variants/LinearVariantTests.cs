using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Kernel variants against the scalar kernel, bit for bit.</summary>
public class LinearVariantTests
{
    private const int Layers = 2000;

    [Fact]
    public void A_sliding_depthwise_convolution_gives_the_scalar_bits() => Check(new SlidingDepthwiseVariant(), RandomLinear.Depthwise, Layers / 3);

    [Fact]
    public void A_3x3_depthwise_convolution_of_several_lines_gives_the_scalar_bits() => Check(new LineDepthwiseVariant(), RandomLinear.RectifiedDepthwise3x3, Layers / 2);

    [Fact]
    public void A_fully_connected_row_in_locals_or_with_packed_weights_gives_the_scalar_bits() => Check(new RowFullyConnectedVariant(), RandomLinear.FullyConnectedRow, 2 * Layers);

    [Fact]
    public void Wrong_parameters_and_tables_are_refused_or_stay_in_bounds()
    {
        (KernelVariant Variant, Func<Random, DeviceLayer> Create)[] kinds =
        [
            (new SlidingDepthwiseVariant(), RandomLinear.Depthwise),
            (new LineDepthwiseVariant(), RandomLinear.RectifiedDepthwise3x3),
            (new RowFullyConnectedVariant(), RandomLinear.FullyConnectedRow),
        ];
        int loaded = 0;
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            (KernelVariant variant, Func<Random, DeviceLayer> create) = kinds[random.Next(kinds.Length)];
            DeviceLayer layer = create(random);
            foreach (DeviceLayer candidate in variant.Candidates(layer, int.MaxValue))
            {
                byte[] file = SingleLayer.Write(Damage(candidate, random));
                if (Model.TryLoad(file, out Model model) != Error.None || model.ScratchBytes + model.PackedBytes > 1 << 24)
                    continue;
                loaded++;
                var interpreter = new Interpreter(model);
                random.NextBytes((byte[])(object)interpreter.Arena);
                ForcedVariant.OnDeviceKernels(interpreter.Invoke);
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3 * Layers).WithEndSize(int.MaxValue));
        Assert.True(loaded > Layers, $"Only {loaded} models loaded.");
    }

    /// <summary>Changes a few parameters that are not offsets in the arena, and bytes of the weights and tables.</summary>
    private static DeviceLayer Damage(DeviceLayer layer, Random random)
    {
        int[] parameters = (int[])layer.Parameters.Clone();
        byte[] weights = (byte[])layer.Weights.Clone();
        for (int i = random.Next(3); i > 0; i--)
            parameters[random.Next(2, parameters.Length)] += random.Next(4) switch { 0 => 1, 1 => -1, 2 => random.Next(-200, 200), _ => random.Next(int.MinValue, int.MaxValue) };
        for (int i = random.Next(12); i > 0; i--)
            weights[random.Next(weights.Length)] = (byte)random.Next(256);
        return layer with { Parameters = parameters, Weights = weights };
    }

    private static void Check(KernelVariant variant, Func<Random, DeviceLayer> create, int applicable)
    {
        int compared = 0;
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            DeviceLayer layer = create(random);
            sbyte[] input = RandomLinear.Input(layer, random);
            sbyte[]? expected = null;
            foreach (DeviceLayer candidate in variant.Candidates(layer, int.MaxValue))
            {
                expected ??= SingleLayer.Run(layer, input);
                compared++;
                if (!expected.AsSpan().SequenceEqual(SingleLayer.Run(candidate, input)))
                    return false.Label($"seed {seed}: [{string.Join(", ", candidate.Parameters)}]");
            }
            return true.ToProperty();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Layers).WithEndSize(int.MaxValue));
        Assert.True(compared >= applicable, $"Only {compared} candidates.");
    }
}
