using System.Text;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Hil;

public class BenchFileTests
{
    private const string Real = """{"name": "a", "board": "ESP32", "wirePort": "w", "linkPort": "l"}""";

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.PathOf("hardware/benches"), "*.json").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_bench_of_the_repository_is_usable_and_is_named_as_its_file(string file)
    {
        BenchConfiguration bench = BenchFile.Read(Repository.PathOf(Path.Combine("hardware/benches", file)));

        Assert.Equal(Path.GetFileNameWithoutExtension(file), bench.Name);
        Assert.NotEmpty(bench.Boards);
    }

    [Fact]
    public void What_a_file_leaves_out_has_a_default()
    {
        BenchConfiguration bench = Parse("""{"name": "v", "boards": [{"name": "one", "board": "ESP32", "virtual": {}}]}""");

        Assert.Equal(["digits-cnn", "digits-mlp", "digits-mlp-pruned"], bench.Models.Select(model => model.BuiltIn));
        Assert.Equal((30, 10, 300, 1), (bench.Latency.Runs, bench.PowerCuts.Count, bench.Update.TimeoutSeconds, bench.Boards[0].Virtual!.Seed));
        Assert.Equal("127.0.0.1:0", bench.Broker.Listen);
    }

    [Theory]
    [InlineData("""{"name": "v", "bords": []}""", "'bords'", "boards")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wire": "w"}]}""", "'boards[0].wire'", "wirePort")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "virtual": {"sed": 1}}]}""", "'boards[0].virtual.sed'", "seed")]
    [InlineData("""{"name": "v", "boards": [], "latency": {"Runs": 1}}""", "'latency.Runs'", "runs")]
    public void A_member_that_there_is_not_is_named_beside_those_that_there_are(string json, string place, string member)
    {
        BenchException error = Assert.Throws<BenchException>(() => Parse(json));

        Assert.Equal(BenchErrorCodes.BenchFile, error.Code);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(member, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("null", "null")]
    [InlineData("[]", "BenchConfiguration")]
    [InlineData("""{"name": "v"}""", "boards")]
    [InlineData("""{"name": "v", "boards": null}""", "boards")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "virtual": {"seed": "x"}}]}""", "boards[0].virtual.seed")]
    public void What_is_no_bench_says_where(string json, string place)
    {
        BenchException error = Assert.Throws<BenchException>(() => Parse(json));

        Assert.Equal(BenchErrorCodes.BenchFile, error.Code);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name": "V", "boards": [@]}""", "name is 'V'")]
    [InlineData("""{"name": "v", "boards": []}""", "no boards")]
    [InlineData("""{"name": "v", "boards": [@, @]}""", "'a' twice")]
    [InlineData("""{"name": "v", "boards": [@], "models": []}""", "no models")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32"}]}""", "boards[0] needs wirePort and linkPort")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wirePort": "w", "virtual": {}}]}""", "boards[0] is virtual and has ports")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wirePort": "w", "linkPort": "w"}]}""", "'w' is used twice")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wirePort": "w", "linkPort": "l", "linkBaudRate": 300}]}""", "linkBaudRate is 300")]
    [InlineData("""{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wirePort": "w", "linkPort": "l", "power": {"off": [], "on": ["x"]}}]}""", "empty command")]
    [InlineData("""{"name": "v", "boards": [@], "models": [{"name": "m"}]}""", "either builtIn or file")]
    [InlineData("""{"name": "v", "boards": [@], "models": [{"name": "m", "builtIn": "faces"}]}""", "'faces'")]
    [InlineData("""{"name": "v", "boards": [@], "models": [{"name": "m", "file": "m.emlm", "inputs": ["x.npy"]}]}""", "only one of inputs and expected")]
    [InlineData("""{"name": "v", "boards": [@], "broker": {"listen": "here"}}""", "broker.listen is 'here'")]
    [InlineData("""{"name": "v", "boards": [@], "broker": {"address": "http://x"}}""", "broker.address is 'http://x'")]
    [InlineData("""{"name": "v", "boards": [@], "latency": {"runs": 0}}""", "latency.runs is 0")]
    [InlineData("""{"name": "v", "boards": [@], "powerCuts": {"count": 1001}}""", "powerCuts.count is 1001")]
    public void A_value_that_no_bench_can_have_is_said(string json, string reason)
    {
        BenchException error = Assert.Throws<BenchException>(() => Parse(json.Replace("@", Real, StringComparison.Ordinal)));

        Assert.Equal(BenchErrorCodes.BenchFile, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_from_the_folder_of_the_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("v.json", """{"name": "v", "boards": [{"name": "a", "board": "ESP32", "wirePort": "w", "linkPort": "l", "application": "app"}], "models": [{"name": "m", "file": "m.emlm", "inputs": ["../x.npy"], "expected": ["y.npy"]}]}""");

        BenchConfiguration bench = BenchFile.Read(path);

        Assert.Equal(folder.File("app"), bench.Boards[0].Application);
        Assert.Equal(folder.File("m.emlm"), bench.Models[0].File);
        Assert.Equal(Path.GetFullPath(folder.File("../x.npy")), bench.Models[0].Inputs[0]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said() =>
        Assert.Equal(BenchErrorCodes.BenchFile, Assert.Throws<BenchException>(() => BenchFile.Read("no-such-bench.json")).Code);

    private static BenchConfiguration Parse(string json) => BenchFile.Parse(Encoding.UTF8.GetBytes(json), "v.json");
}
