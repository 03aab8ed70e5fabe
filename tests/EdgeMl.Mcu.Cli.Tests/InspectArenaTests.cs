using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class InspectArenaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_arena_is_an_array_of_pieces_in_json()
    {
        JsonElement report = CommandLineRun.Of("inspect", Device(), "--json").Json;
        int arena = report.GetProperty("arenaBytes").GetInt32();
        JsonElement[] pieces = [.. report.GetProperty("arena").EnumerateArray()];
        Assert.True(report.GetProperty("arenaIsOptimal").GetBoolean());
        Assert.Equal(["name", "offset", "bytes", "firstStep", "lastStep"], pieces[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(("image", -1), (pieces[0].GetProperty("name").GetString(), pieces[0].GetProperty("firstStep").GetInt32()));
        Assert.Equal(report.GetProperty("layers").GetArrayLength(), pieces.Max(piece => piece.GetProperty("lastStep").GetInt32()));
        Assert.Equal(arena, pieces.Max(piece => piece.GetProperty("offset").GetInt32() + piece.GetProperty("bytes").GetInt32()));
    }

    [Fact]
    public void The_arena_is_drawn_over_time_in_plain_text()
    {
        string[] lines = CommandLineRun.Of("inspect", Device()).Output.TrimEnd().Split('\n');
        int title = Array.FindIndex(lines, line => line.StartsWith("arena over time: ", StringComparison.Ordinal));
        Assert.True(title > 0);
        string[] rows = [.. lines.Skip(title + 1).Take(16).Select(line => line.TrimEnd())];
        Assert.All(rows, row => Assert.Matches(@"^ *[\d,]+ [A-Z.]+$", row));
        Assert.Single(rows.Select(row => row.Length).Distinct());
        Assert.All(lines.Skip(title + 17), line => Assert.Matches(@"^[A-Z] +[\d,]+ \+[\d,]+ +(start|\d+) to (end|\d+) ", line));
    }

    [Fact]
    public void A_float_model_has_no_arena()
    {
        CommandLineRun run = CommandLineRun.Of("inspect", Digits.File("digits_mlp.onnx"), "--json");
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("arena").ValueKind);
    }

    private string Device() => _folder.Write("digits_cnn.emlm", CompiledModels.Get("digits_cnn").Bytes);
}
