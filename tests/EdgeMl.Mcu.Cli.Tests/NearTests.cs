using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class NearTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Quantize_near_a_base_says_what_the_update_costs()
    {
        Quantize("base.emlm");
        JsonElement json = Quantize("next.emlm", "--method", "minmax", "--near", _folder.File("base.emlm"), "--json").Json;
        JsonElement near = json.GetProperty("near");
        Assert.Equal(0, near.GetProperty("changedWeights").GetInt32());
        Assert.Equal(2368, near.GetProperty("weights").GetInt32());
        Assert.True(near.GetProperty("sameKernels").GetBoolean());
        Assert.Equal(json.GetProperty("fileBytes").GetInt64(), near.GetProperty("fullBytes").GetInt64());
        Assert.InRange(near.GetProperty("deltaBytes").GetInt32(), 22, 40);
        Assert.Equal(File.ReadAllBytes(_folder.File("base.emlm")), File.ReadAllBytes(_folder.File("next.emlm")));

        CommandLineRun text = Quantize("next.emlm", "--near", _folder.File("base.emlm"));
        Assert.Equal((ExitCodes.Ok, ""), (text.ExitCode, text.Error));
        Assert.Contains("0 of 2,368 weights differ; as an update 26 of 3,154 bytes, 0.8 %", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_base_nothing_is_said_of_one() =>
        Assert.Equal(JsonValueKind.Null, Quantize("x.emlm", "--json").Json.GetProperty("near").ValueKind);

    [Theory]
    [InlineData("--weight-bits", "4")]
    [InlineData("--flash-budget", "3000")]
    public void Four_bit_weights_beside_a_base_are_refused(string option, string value)
    {
        Quantize("base.emlm");
        CommandLineRun run = Quantize("x.emlm", "--near", _folder.File("base.emlm"), option, value);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("--near", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_that_is_no_device_model_is_refused()
    {
        CommandLineRun run = Quantize("x.emlm", "--near", Digits.File("digits_mlp.onnx"));
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("does not load as a device model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Prune_near_a_base_says_what_the_update_costs()
    {
        Quantize("base.emlm", "--method", "minmax");
        string original = _folder.File("base.emlm");
        JsonElement json = CommandLineRun.Of("prune", original, "-o", _folder.File("next.emlm"), "-s", "0.1", "-c", Digits.File("x_test.npy"), "--near", original, "--json").Json;
        JsonElement near = json.GetProperty("near");
        Assert.InRange(near.GetProperty("changedWeights").GetInt32(), 1, 500);
        Assert.InRange(near.GetProperty("deltaBytes").GetInt32(), 40, 600);
        Assert.Equal(json.GetProperty("fileBytes").GetInt64(), near.GetProperty("fullBytes").GetInt64());
        Assert.All(near.GetProperty("layers").EnumerateArray(), layer => Assert.True(layer.GetProperty("isFrozen").GetBoolean()));
    }

    private CommandLineRun Quantize(string output, params string[] more) =>
        CommandLineRun.Of(["quantize", Digits.File("digits_mlp.onnx"), "-o", _folder.File(output), "-c", Digits.File("x_train.npy"), .. more]);
}
