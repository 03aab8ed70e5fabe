using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Tests.Variants;

namespace EdgeMl.Mcu.Toolchain.Tests.Golden;

/// <summary>The shared data on the device's kernels, with more and less scratch.</summary>
public sealed class GoldenVariantTests(ITestOutputHelper log)
{
    private const int VariantsEach = 10;

    private static readonly int[] Budgets = [512, 2048, 16 * 1024, 1 << 20];

    public static TheoryData<string> Models() => CompiledModels.Golden.Count == 0 ? ["(none)"] : [.. CompiledModels.Golden];

    [Theory]
    [InlineData("CONV_2D")]
    [InlineData("FULLY_CONNECTED")]
    public void Every_variant_gives_the_bits_of_the_reference_kernels(string op)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var random = new Random(3);
        int tried = 0;
        foreach (GoldenCase item in GoldenCase.All.Where(item => item.Operator == op))
        {
            if (ModelFile.Open(item.ModelPath).Graph is not { } graph)
                continue;
            ForcedVariant[] variants = [.. ForcedVariant.All(graph, 1 << 20)];
            random.Shuffle(variants);
            foreach (ForcedVariant variant in variants.Take(VariantsEach))
            {
                int mismatches = -1;
                ForcedVariant.OnDeviceKernels(() => mismatches = item.Mismatches(new DeviceModelRunner(variant.Model, item.Name)));
                Assert.True(mismatches == 0, $"{item.Name}: {variant.Layer.Kernel}({string.Join(", ", variant.Layer.Parameters)})");
                tried++;
            }
        }
        Assert.True(tried > 0);
        log.WriteLine($"{tried} variants");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_gives_the_same_bits_with_any_scratch(string name)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        ModelGraph graph = ModelLoader.Load(CompiledModels.GoldenPath(name));
        sbyte[] expected = Outputs(Compile(graph, 0));
        foreach (int budget in Budgets)
        {
            Model model = Compile(graph, budget);
            sbyte[] actual = [];
            ForcedVariant.OnDeviceKernels(() => actual = Outputs(model));
            Assert.Equal(expected, actual);
        }
    }

    private static Model Compile(ModelGraph graph, int scratchBytes)
    {
        Model model = Model.Load(EmlmCompiler.Compile(graph, new EmitOptions { ScratchBytes = scratchBytes }).Bytes);
        Assert.InRange(model.ScratchBytes, 0, scratchBytes);
        return model;
    }

    /// <summary>All outputs for random inputs.</summary>
    private static sbyte[] Outputs(Model model)
    {
        var interpreter = new Interpreter(model);
        uint seed = 1;
        for (int i = 0; i < model.InputCount; i++)
            seed = SelfTestVector.Fill(interpreter.Arena, model.Input(i).ArenaOffset, model.Input(i).ByteCount, seed);
        interpreter.Invoke();
        return [.. Enumerable.Range(0, model.OutputCount).SelectMany(i => interpreter.Arena.Skip(model.Output(i).ArenaOffset).Take(model.Output(i).ByteCount))];
    }
}
