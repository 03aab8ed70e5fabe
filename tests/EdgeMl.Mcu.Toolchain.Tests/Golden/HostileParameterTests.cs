using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Tests.Variants;

namespace EdgeMl.Mcu.Toolchain.Tests.Golden;

/// <summary>Files whose checksum is right but whose layers have wrong parameters.</summary>
public sealed class HostileParameterTests
{
    private const int MutationsPerModel = 60;
    private const int RandomLayers = 60;
    private const int VariantsPerLayer = 4;

    [Fact]
    public void A_layer_with_any_parameters_is_refused_at_load_or_runs()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var random = new Random(1);
        foreach (GoldenCase item in GoldenCase.All)
        {
            if (Compile(item) is { } intact)
                RunMutants(intact, random);
        }
    }

    [Fact]
    public void A_variant_with_any_parameters_is_refused_at_load_or_runs()
    {
        var random = new Random(2);
        int ran = 0;
        for (int seed = 0; seed < RandomLayers; seed++)
        {
            ModelGraph graph = RandomConvolution.Create(seed);
            ForcedVariant[] variants = [.. ForcedVariant.All(graph, 16 * 1024)];
            random.Shuffle(variants);
            foreach (ForcedVariant variant in variants.Take(VariantsPerLayer))
                ran += RunMutants(variant.File, random);
        }
        Assert.InRange(ran, 1, RandomLayers * VariantsPerLayer * MutationsPerModel);
    }

    /// <summary>Runs mutants on the host's and on the device's kernels. Returns how many were not refused.</summary>
    private static int RunMutants(byte[] intact, Random random)
    {
        int ran = 0;
        for (int i = 0; i < MutationsPerModel; i++)
        {
            if (Model.TryLoad(HostileFile.Mutate(intact, random), out Model model) != Error.None)
                continue;
            ran++;
            var interpreter = new Interpreter(model);
            interpreter.Invoke();
            ForcedVariant.OnDeviceKernels(interpreter.Invoke);
        }
        return ran;
    }

    private static byte[]? Compile(GoldenCase item)
    {
        try
        {
            return EmlmCompiler.Compile(ModelFile.Open(item.ModelPath).Graph!).Bytes is { } bytes && HostileFile.ParameterOffsets(bytes).Any() ? bytes : null;
        }
        catch (ToolchainException exception) when (exception.Code is ErrorCodes.UnsupportedOperator or ErrorCodes.NotRunnable or ErrorCodes.FloatModel)
        {
            return null;
        }
    }
}
