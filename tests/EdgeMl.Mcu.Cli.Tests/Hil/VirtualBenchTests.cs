using System.Text.Json;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

/// <summary>The whole bench on the virtual board: real stages, ports, protocols, relay and broker.</summary>
public class VirtualBenchTests
{
    private const string Reports = "hardware/reports";

    [Fact]
    public void All_stages_pass_and_the_committed_report_is_what_the_command_gives()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pseudo terminals.");
        using var folder = new TemporaryFolder();

        CommandLineRun run = CommandLineRun.Of("bench", "run", Repository.PathOf("hardware/benches/virtual.json"), "--json", "--report", folder.Path, "--junit", folder.File("junit.xml"));

        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
        JsonElement board = Assert.Single(run.Json.GetProperty("boards").EnumerateArray());
        Assert.All(board.GetProperty("stages").EnumerateArray(), stage => Assert.Equal("passed", stage.GetProperty("status").GetString()));
        Assert.Equal((10, 10), (board.GetProperty("powerCuts").GetProperty("count").GetInt32(), board.GetProperty("powerCuts").GetProperty("recovered").GetInt32()));
        Assert.All(board.GetProperty("models").EnumerateArray(), ShouldBeExactAndNearItsPrediction);
        Assert.Equal("0", (string?)XDocument.Load(folder.File("junit.xml")).Root!.Attribute("failures"));
        string[] files = [.. Directory.GetFiles(folder.Path).Where(file => Path.GetExtension(file) is ".md" or ".svg").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Directory.CreateDirectory(Repository.PathOf(Reports));
        Assert.All(files, file => Assert.True(GeneratedDocument.IsCurrent($"{Reports}/{file}", File.ReadAllText(folder.File(file))), $"{file}: {GeneratedDocument.HowToUpdate}"));
        Assert.Equal(files, Directory.GetFiles(Repository.PathOf(Reports), "virtual*").Where(file => Path.GetExtension(file) is ".md" or ".svg").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    private static void ShouldBeExactAndNearItsPrediction(JsonElement model)
    {
        Assert.Equal(model.GetProperty("vectors").GetInt32(), model.GetProperty("equal").GetInt32());
        JsonElement total = model.GetProperty("latency").GetProperty("total");
        Assert.True(total.GetProperty("median").GetDouble() > 0);
        // Counted on other inputs than the prediction's.
        Assert.InRange(total.GetProperty("errorPercent").GetDouble(), -1, 1);
        JsonElement memory = model.GetProperty("memory");
        Assert.True(memory.GetProperty("taken").GetInt64() > model.GetProperty("bytes").GetInt64());
        Assert.Equal(memory.GetProperty("freeAfter").GetInt64(), memory.GetProperty("freeAfterRuns").GetInt64());
    }
}
