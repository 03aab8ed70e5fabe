using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using EdgeMl.Mcu.Toolchain.Tests.Variants;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Layers of any size, stride, padding, dilation, groups, zero points and rescaling against the managed kernels.</summary>
public sealed class RandomLayerTests
{
    private const int LayersHost = 300;
    private const int LayersSanitized = 60;
    private const int LayersCortexM4 = 60;
    private const int ScratchBytes = 16 * 1024;

    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Random_layers_give_the_scalar_bits_on_the_host() => Check(NativeDriver.Host, LayersHost);

    [Fact]
    public void Random_layers_stay_within_their_memory() => Check(NativeDriver.Sanitized, LayersSanitized);

    [Fact]
    public void Random_layers_give_the_scalar_bits_on_a_Cortex_M4() => Check(NativeDriver.CortexM4, LayersCortexM4);

    private static void Check(NativeDriver driver, int layers)
    {
        Assert.SkipUnless(driver.IsAvailable, driver.Missing);
        Prop.ForAll(Seeds, seed =>
        {
            NativeCase[] cases = [.. Enumerable.Range(seed, layers).SelectMany(Convolutions).Concat(Linear(seed, layers))];
            IReadOnlyList<NativeRun> runs = NativeRun.Execute(driver, cases);
            for (int i = 0; i < runs.Count; i++)
            {
                Assert.True(runs[i].Error == Error.None, $"{cases[i].Name}: {runs[i].Error}");
                Assert.True(ManagedRun.Outputs(cases[i]).AsSpan().SequenceEqual(runs[i].Outputs), $"{cases[i].Name} differs");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1));
    }

    /// <summary>A convolution or pointwise layer with 8-bit weights, with 4-bit ones, and with one of the packed kernels that it could have.</summary>
    private static IEnumerable<NativeCase> Convolutions(int seed)
    {
        ModelGraph graph = RandomConvolution.Create(seed);
        Model model = ForcedVariant.Plain(graph);
        byte[] inputs = [.. RandomConvolution.Samples(model.Input(0).Count, seed).SelectMany(sample => (byte[])(Array)sample)];
        yield return new NativeCase($"convolution {seed}", Plain(graph), inputs);
        Tensor weights = graph.Nodes[0].Inputs[1]!;
        var random = new Random(seed);
        ForcedVariant[] variants = [.. ForcedVariant.All(graph, ScratchBytes)];
        if (variants.Length > 0)
        {
            ForcedVariant variant = variants[random.Next(variants.Length)];
            yield return new NativeCase($"{variant.Layer.Kernel} {seed}", variant.File, inputs);
        }
        weights.Data = Array.ConvertAll((sbyte[])weights.Data!, weight => (sbyte)(weight >> 4));
        weights.Type = ElementType.Int4;
        yield return new NativeCase($"4-bit convolution {seed}", Plain(graph), inputs);
    }

    private static byte[] Plain(ModelGraph graph)
    {
        DeviceProgram program = GraphLowering.Lower(graph);
        return Toolchain.Emit.EmlmWriter.Write(program, ArenaPlanner.Place(program));
    }

    /// <summary>Depthwise layers and fully connected rows, each also with one of the packed kernels that it could have.</summary>
    private static IEnumerable<NativeCase> Linear(int seed, int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            DeviceLayer layer = (i % 3) switch { 0 => RandomLinear.Depthwise(random), 1 => RandomLinear.RectifiedDepthwise3x3(random), _ => RandomLinear.FullyConnectedRow(random) };
            DeviceLayer[] candidates = [.. KernelChoice.Candidates(layer, ScratchBytes)];
            foreach (DeviceLayer candidate in new[] { layer, candidates[random.Next(candidates.Length)] })
            {
                byte[] file = SingleLayer.Write(candidate);
                yield return new NativeCase($"{candidate.Kernel} {i} of seed {seed}", file, ManagedRun.RandomInputs(Model.Load(file), 3, seed + i));
            }
        }
    }
}
