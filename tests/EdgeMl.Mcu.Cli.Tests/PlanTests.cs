using System.Text.Json;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class PlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_fits_exits_with_0_and_the_regions_add_up()
    {
        byte[] file = CompiledModels.Get("digits_cnn").Bytes;
        CommandLineRun run = CommandLineRun.Of("plan", Device("digits_cnn"), "--board", "esp32", "--json");
        JsonElement plan = run.Json;

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.True(plan.GetProperty("fits").GetBoolean());
        Assert.Equal(("digits_cnn", "ESP32"), (plan.GetProperty("model").GetString(), plan.GetProperty("board").GetString()));
        Dictionary<string, JsonElement> regions = plan.GetProperty("regions").EnumerateArray().ToDictionary(region => region.GetProperty("name").GetString()!);
        Assert.Equal(["flash", "heap", "largestArray"], regions.Keys);
        foreach (string name in new[] { "flash", "heap" })
            Assert.Equal(regions[name].GetProperty("usedBytes").GetInt64(), Parts(regions[name]).Values.Sum());
        Assert.Equal(file.Length, Parts(regions["flash"])["model file"]);
        Assert.InRange(Parts(regions["heap"])["arena"], Model.Load(file).ArenaBytes, Model.Load(file).ArenaBytes + 32);
        Assert.InRange(Parts(regions["heap"])["objects"], 100, 2000);
        Assert.Equal(plan.GetProperty("layers").GetArrayLength(), Model.Load(file).LayerCount);
        double layers = plan.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("latencyMs").GetDouble());
        Assert.InRange(layers, 0.99 * plan.GetProperty("latencyMs").GetDouble(), plan.GetProperty("latencyMs").GetDouble());
    }

    [Fact]
    public void The_flash_holds_those_assemblies_of_the_runtime_that_the_model_needs()
    {
        string model = Device("digits_cnn");
        JsonElement packed = CommandLineRun.Of("plan", model, "--board", "ESP32", "--json").Json;
        string withoutScratch = _folder.Write("plain.emlm", EmlmCompiler.Compile(CompiledModels.Get("digits_cnn").Graph, new EmitOptions { ScratchBytes = 0 }).Bytes);
        JsonElement plain = CommandLineRun.Of("plan", withoutScratch, "--board", "ESP32", "--json").Json;

        Assert.Equal(["EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Packed"], Assemblies(packed));
        Assert.Equal(["EdgeMl.Mcu.Runtime"], Assemblies(plain));
        Assert.Equal(["class library", "runtime", "runtime packed", "model file"], Parts(packed.GetProperty("regions")[0]).Keys);
        Assert.Equal(["class library", "runtime", "model file"], Parts(plain.GetProperty("regions")[0]).Keys);
        Assert.Contains("call EdgeMl.Mcu.Runtime.Packed.PackedKernels.Install() before", CommandLineRun.Of("plan", model, "--board", "ESP32").Output, StringComparison.Ordinal);

        static string[] Assemblies(JsonElement plan) => [.. plan.GetProperty("runtimeAssemblies").EnumerateArray().Select(name => name.GetString()!)];
    }

    [Fact]
    public void A_model_that_does_not_fit_exits_with_4_and_says_what_to_do()
    {
        string model = Device("digits_cnn");
        CommandLineRun json = CommandLineRun.Of("plan", model, "--board", "ESP32", "--heap", "9000", "--json");
        CommandLineRun text = CommandLineRun.Of("plan", model, "--board", "ESP32", "--heap", "9000");

        Assert.Equal((ExitCodes.Refused, ExitCodes.Refused), (json.ExitCode, text.ExitCode));
        Assert.False(json.Json.GetProperty("fits").GetBoolean());
        Assert.Equal(9000, json.Json.GetProperty("regions")[1].GetProperty("limitBytes").GetInt64());
        Assert.NotEqual(0, json.Json.GetProperty("advice").GetArrayLength());
        Assert.Contains("does not fit", text.Output, StringComparison.Ordinal);
        Assert.Contains("--page", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_take_less_of_the_heap()
    {
        string model = Device("digits_cnn");
        long whole = Heap(CommandLineRun.Of("plan", model, "--board", "ESP32", "--json"));
        long paged = Heap(CommandLineRun.Of("plan", model, "--board", "ESP32", "--page", "4096", "--json"));

        Assert.InRange(paged, 1, whole - 1);

        static long Heap(CommandLineRun run) => run.Json.GetProperty("regions")[1].GetProperty("usedBytes").GetInt64();
    }

    [Fact]
    public void An_int8_model_of_a_training_framework_is_converted_on_the_fly()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        CommandLineRun run = CommandLineRun.Of("plan", CompiledModels.GoldenPath("hello_world_int8"), "--board", "STM32F769I-DISCO");

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"flash +[\d,]+ of +1,310,720 bytes +\d+\.\d %", run.Output);
        Assert.Matches(@"latency +[\d.,]+ ms: [\d,]+ IL, the time of [\d,]+ plain instructions at 250 ns", run.Output);
    }

    [Fact]
    public void A_float_model_is_to_be_quantised_first()
    {
        CommandLineRun run = CommandLineRun.Of("plan", Digits.File("digits_mlp.onnx"), "--board", "ESP32");

        run.ShouldFail(ExitCodes.Failed, "emit.float-model");
        Assert.Contains("edgeml quantize", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_board_suggests_another()
    {
        CommandLineRun run = CommandLineRun.Of("plan", Device("digits_mlp"), "--board", "ESP33");

        run.ShouldFail(ExitCodes.Failed, "board.unknown");
        Assert.Contains("ESP32", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("plan", "m.emlm")]
    [InlineData("plan", "m.emlm", "--board", "ESP32", "--heap", "-1")]
    [InlineData("plan", "m.emlm", "--board", "ESP32", "--scratch", "-1")]
    public void Missing_or_senseless_arguments_are_wrong_use(params string[] arguments) => CommandLineRun.Of(arguments).ShouldFail(ExitCodes.Usage, "usage");

    [Fact]
    public void The_boards_are_listed()
    {
        JsonElement boards = CommandLineRun.Of("plan", "--list", "--json").Json;

        Assert.Contains("ESP32-S3", boards.EnumerateArray().Select(board => board.GetProperty("name").GetString()));
        Assert.Contains("ESP32-S3", CommandLineRun.Of("plan", "--list").Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, long> Parts(JsonElement region) =>
        region.GetProperty("parts").EnumerateArray().ToDictionary(part => part.GetProperty("name").GetString()!, part => part.GetProperty("bytes").GetInt64());

    private string Device(string name) => _folder.Write(name + ".emlm", CompiledModels.Get(name).Bytes);
}
