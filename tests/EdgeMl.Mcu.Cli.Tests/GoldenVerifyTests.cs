using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public class GoldenVerifyTests
{
    public static TheoryData<string, string> Sets() => [.. Find((_, _) => true)];

    public static TheoryData<string, string> IntegerSets() => [.. Find((model, _) => !IsFloat(model))];

    public static TheoryData<string> IntegerModels() => [.. Find((model, set) => set == "random" && !IsFloat(model)).Select(set => set.Item1)];

    public static TheoryData<string> Models() => [.. Find((_, set) => set == "random").Select(set => set.Item1)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Golden_models_verify(string model, string set)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        CommandLineRun run = CommandLineRun.Of("verify", Golden(model, "model.tflite"),
            "--input", Golden(model, $"input_{set}.bin"), "--expect", Golden(model, $"output_{set}.bin"), "--json");
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
        Assert.True(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(0, run.Json.GetProperty("mismatches").GetInt32());
        if (!IsFloat(model))
            Assert.Equal(0, run.Json.GetProperty("maxAbsDiff").GetDouble());
    }

    [Theory]
    [MemberData(nameof(IntegerSets))]
    public void Converted_golden_models_verify(string model, string set)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        string converted = folder.File("model.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("convert", Golden(model, "model.tflite"), "-o", converted).ExitCode);
        CommandLineRun run = CommandLineRun.Of("verify", converted,
            "--input", Golden(model, $"input_{set}.bin"), "--expect", Golden(model, $"output_{set}.bin"), "--json");
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
    }

    [Theory]
    [MemberData(nameof(IntegerModels))]
    public void Golden_models_verify_without_optimisation(string model)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        CommandLineRun run = CommandLineRun.Of("verify", Golden(model, "model.tflite"), "--no-optimize",
            "--input", Golden(model, "input_random.bin"), "--expect", Golden(model, "output_random.bin"), "--json");
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
    }

    [Theory]
    [InlineData("vww_96_int8", 29_066, 3_727_313)]
    [InlineData("kws_ref_int8", 22_016, 2_656_768)]
    public void Conversion_and_inspection_tell_what_the_lossless_passes_leave(string model, long weights, long macs)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        JsonElement converted = CommandLineRun.Of("convert", Golden(model, "model.tflite"), "-o", folder.File("model.emlm"), "--json").Json;
        JsonElement inspected = CommandLineRun.Of("inspect", Golden(model, "model.tflite"), "--json").Json;
        JsonElement whole = CommandLineRun.Of("inspect", Golden(model, "model.tflite"), "--no-optimize", "--json").Json;
        Assert.Equal((weights, macs), (Number(converted, "weightsLive"), Number(converted, "macsLive")));
        Assert.Equal((weights, macs), (Number(inspected, "weightsLive"), Number(inspected, "macsLive")));
        Assert.Equal((Number(whole, "weights"), Number(whole, "macs")), (Number(whole, "weightsLive"), Number(whole, "macsLive")));
        Assert.Equal((Number(whole, "weights"), Number(whole, "macs")), (Number(converted, "weights"), Number(converted, "macs")));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Inspection_counts_multiplications_and_stays_within_the_reference_arena(string model)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        JsonElement report = CommandLineRun.Of("inspect", Golden(model, "model.tflite"), "--json").Json;
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(Golden(model, "index.json")));
        Assert.Equal(index.RootElement.GetProperty("macs").GetInt64(), report.GetProperty("macs").GetInt64());
        if (IsFloat(model))
            return;
        int arena = report.GetProperty("arenaBytes").GetInt32();
        Assert.InRange(arena, report.GetProperty("arenaLowerBoundBytes").GetInt32(), index.RootElement.GetProperty("tflm").GetProperty("activation_arena_bytes").GetInt32());
    }

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();

    private static string Golden(string model, string file) => SharedData.File("golden", model, file);

    private static bool IsFloat(string model) => model.EndsWith("_float", StringComparison.Ordinal);

    // One row without a model where the data is missing: the test is reported as skipped.
    private static IEnumerable<(string, string)> Find(Func<string, string, bool> isMeant) =>
        SharedData.IsAvailable ? FindAll().Where(set => isMeant(set.Model, set.Set)) : [("", "")];

    private static IEnumerable<(string Model, string Set)> FindAll()
    {
        foreach (string folder in Directory.GetDirectories(SharedData.File("golden")).Order(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(folder, "model.tflite")))
                continue;
            using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
            foreach (JsonElement set in index.RootElement.GetProperty("sets").EnumerateArray())
                yield return (Path.GetFileName(folder), set.GetProperty("set").GetString()!);
        }
    }
}
