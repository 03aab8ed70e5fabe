using System.Text.Json;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

public class BenchVerbTests
{
    private const string NoBoard = """
        {"name": "desk", "boards": [{"name": "one", "board": "ESP32", "wirePort": "no-such-wire", "linkPort": "no-such-link"}],
         "models": [{"name": "digits", "builtIn": "digits-mlp"}], "powerCuts": {"recoverySeconds": 1}}
        """;

    [Fact]
    public void A_board_that_is_not_there_fails_one_stage_and_skips_those_that_need_it()
    {
        using var folder = new TemporaryFolder();
        string bench = folder.Write("desk.json", NoBoard);

        CommandLineRun run = CommandLineRun.Of("bench", "run", bench, "--json", "--junit", folder.File("junit.xml"), "--report", folder.File("reports"));

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
        Assert.False(run.Json.GetProperty("ok").GetBoolean());
        JsonElement[] stages = [.. run.Json.GetProperty("boards")[0].GetProperty("stages").EnumerateArray()];
        Assert.Equal(
            ["flash skipped", "boot failed", "verify skipped", "latency skipped", "memory skipped", "update skipped", "power-cuts skipped"],
            stages.Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("status")}"));
        Assert.Equal("port.not-found", stages[1].GetProperty("code").GetString());
        Assert.Contains("no-such-link", stages[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("'boot'", stages[2].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("port.not-found", (string?)XDocument.Load(folder.File("junit.xml")).Descendants("failure").Single().Attribute("type"));
        Assert.Contains("no-such-link", File.ReadAllText(folder.File("reports/desk.md")), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(folder.File("reports/desk.history.jsonl")));
    }

    [Fact]
    public void The_failure_is_the_last_word_on_a_terminal_too()
    {
        using var folder = new TemporaryFolder();

        CommandLineRun run = CommandLineRun.Of("bench", "run", folder.Write("desk.json", NoBoard));

        Assert.Equal(ExitCodes.Unreachable, run.ExitCode);
        Assert.EndsWith("FAILED: port.not-found\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("one: boot failed: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Checking_a_bench_touches_no_port()
    {
        using var folder = new TemporaryFolder();

        CommandLineRun run = CommandLineRun.Of("bench", "check", folder.Write("desk.json", NoBoard), "--json");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Equal("digits", run.Json.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Equal(11, run.Json.GetProperty("models")[0].GetProperty("vectors").GetInt32());
    }

    [Theory]
    [InlineData("""{"name": "desk"}""", "bench.file")]
    [InlineData("""{"name": "desk", "boards": [{"name": "one", "board": "ESP99", "virtual": {}}]}""", "board.unknown")]
    public void What_is_no_bench_is_told_before_anything_runs(string content, string code)
    {
        using var folder = new TemporaryFolder();

        CommandLineRun.Of("bench", "run", folder.Write("desk.json", content)).ShouldFail(ExitCodes.Failed, code);
    }

    [Fact]
    public void Both_verbs_explain_themselves()
    {
        Assert.Contains("edgeml bench run hardware/benches/virtual.json", CommandLineRun.Of("bench", "run", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("--recalibrate", CommandLineRun.Of("bench", "run", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("edgeml bench check", CommandLineRun.Of("bench", "check", "--help").Output, StringComparison.Ordinal);
    }
}
