using System.Globalization;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Instructions on a Cortex-M4. The emulator counts them, so they are the same on every machine with the same compiler.</summary>
public sealed class InstructionCountTests(ITestOutputHelper log)
{
    /// <summary>What first convolutions and depthwise layers may take of the peers' instructions.</summary>
    private const double LayerRatioMax = 0.8;

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void A_loop_of_known_length_is_counted_exactly(int count)
    {
        Assert.SkipUnless(NativeDriver.CortexM4.IsAvailable, NativeDriver.CortexM4.Missing);

        long counted = long.Parse(NativeDriver.CortexM4.Run("--calibrate", count.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

        // Reading the timer twice and entering the loop take some themselves.
        Assert.InRange(counted, 2L * count, (2L * count) + 20);
    }

    [Theory]
    [InlineData("kws_ref_int8", 7_700_000)]
    [InlineData("ad01_int8", 580_000)]
    public void A_reference_model_takes_at_most_its_budget(string model, long instructionsMax)
    {
        Require();
        Assert.InRange(Run([model])[0].Instructions, 1, instructionsMax);
    }

    [Fact]
    public void First_convolutions_and_depthwise_layers_take_at_most_four_fifths_of_the_peers()
    {
        Require();
        string[] models = [.. Peers.Models];
        IReadOnlyList<NativeRun> runs = Run(models);
        int compared = 0;
        for (int i = 0; i < models.Length; i++)
        {
            Peers.Layer[] layers = Peers.LayersOf(models[i]);
            Assert.Equal(layers.Length, runs[i].LayerInstructions.Length);
            int firstConvolution = Array.FindIndex(layers, layer => layer.Operator is "CONV_2D" or "DEPTHWISE_CONV_2D");
            log.WriteLine($"\n{models[i]}");
            for (int j = 0; j < layers.Length; j++)
            {
                double ratio = (double)runs[i].LayerInstructions[j] / layers[j].Instructions;
                log.WriteLine($"{layers[j].Operator,-18} {layers[j].Shape,-14} {runs[i].LayerInstructions[j],10:N0} {layers[j].Instructions,10:N0} {ratio,6:F2}");
                if (j != firstConvolution && layers[j].Operator != "DEPTHWISE_CONV_2D")
                    continue;
                Assert.True(ratio <= LayerRatioMax, $"{models[i]}, layer {j}, {layers[j].Operator}: {ratio:F3}");
                compared++;
            }
        }
        Assert.True(compared > 0);
    }

    [Fact]
    public void Every_model_takes_fewer_instructions_than_the_peer()
    {
        Require();
        string[] models = [.. CompiledModels.Golden.Where(name => Peers.Total(name) is not null)];
        IReadOnlyList<NativeRun> runs = Run(models);
        log.WriteLine($"{"model",-32} {"instructions",12} {"CMSIS-NN",12} {"ratio",6} {"arena",8} {"scratch",8}");
        for (int i = 0; i < models.Length; i++)
        {
            long peer = Peers.Total(models[i])!.Value;
            log.WriteLine($"{models[i],-32} {runs[i].Instructions,12:N0} {peer,12:N0} {(double)runs[i].Instructions / peer,6:F2} {runs[i].ArenaBytes,8:N0} {runs[i].ScratchBytes,8:N0}");
            Assert.InRange(runs[i].Instructions, 1, peer);
        }
        Assert.NotEmpty(models);
    }

    private static void Require()
    {
        Assert.SkipUnless(NativeDriver.CortexM4.IsAvailable, NativeDriver.CortexM4.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
    }

    private static IReadOnlyList<NativeRun> Run(IReadOnlyList<string> models) =>
        NativeRun.Execute(NativeDriver.CortexM4, [.. models.Select(model => GoldenSamples.Plain(model).Case("random", 1)!)]);
}
