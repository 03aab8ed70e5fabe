using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class QuantizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_automatic_method_says_what_each_step_gained()
    {
        CommandLineRun text = Quantize("--labels", Digits.File("y_train.npy"));
        Assert.Equal((ExitCodes.Ok, ""), (text.ExitCode, text.Error));
        Assert.Contains("cross-layer equalisation", text.Output, StringComparison.Ordinal);
        Assert.Contains("1011 to estimate from, 336 held back to choose by", text.Output, StringComparison.Ordinal);

        JsonElement json = Quantize("--labels", Digits.File("y_train.npy"), "--json").Json;
        Assert.Equal("auto", json.GetProperty("method").GetString());
        Assert.Equal(336, json.GetProperty("quality").GetProperty("samples").GetInt32());
        Assert.InRange(json.GetProperty("quality").GetProperty("accuracy").GetDouble(), 0.95, 1);
        Assert.InRange(json.GetProperty("quality").GetProperty("agreement").GetDouble(), 0.98, 1);
        Assert.InRange(json.GetProperty("quality").GetProperty("signalToNoiseDb").GetDouble(), 30, 60);
        JsonElement choice = json.GetProperty("choice");
        Assert.True(choice.GetProperty("heldBack").GetBoolean());
        Assert.InRange(choice.GetProperty("steps").GetArrayLength(), 7, 12);
        Assert.True(choice.GetProperty("steps")[0].GetProperty("isKept").GetBoolean());
        Assert.Contains(json.GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("weightBits") is { ValueKind: JsonValueKind.Number } bits && bits.GetInt32() == 8);
    }

    [Theory]
    [InlineData("minmax")]
    [InlineData("percentile")]
    [InlineData("mse")]
    [InlineData("entropy")]
    public void Every_estimator_can_be_asked_for(string method)
    {
        JsonElement json = Quantize("--method", method, "--json").Json;
        Assert.Equal(method, json.GetProperty("method").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("choice").ValueKind);
        Assert.Equal(1347, json.GetProperty("quality").GetProperty("samples").GetInt32());
        Assert.InRange(json.GetProperty("quality").GetProperty("agreement").GetDouble(), 0.97, 1);
    }

    [Fact]
    public void Four_bit_weights_make_a_smaller_model_that_runs_and_is_inspected_as_such()
    {
        JsonElement eight = Quantize("--json").Json, four = Quantize("--weights", "4", "--json").Json;
        Assert.InRange(four.GetProperty("fileBytes").GetInt32(), 1, eight.GetProperty("fileBytes").GetInt32() - 1000);
        CommandLineRun eval = CommandLineRun.Of("eval", _folder.File("x.emlm"), "-i", Digits.File("x_test.npy"), "-l", Digits.File("y_test.npy"), "--json");
        Assert.InRange(eval.Json.GetProperty("correct").GetInt32(), 428, 450);
        Assert.Contains("FullyConnectedInt4", CommandLineRun.Of("inspect", _folder.File("x.emlm")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flash_budget_is_kept()
    {
        int eight = Quantize("--method", "minmax", "--json").Json.GetProperty("fileBytes").GetInt32();
        CommandLineRun run = Quantize("--method", "minmax", "--flash-budget", $"{eight - 100}");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.InRange(new FileInfo(_folder.File("x.emlm")).Length, 1, eight - 100);
        Assert.Contains("flash budget: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("4-bit weights in 1 of 2 layers", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flash_budget_that_cannot_be_met_exits_with_4_and_leaves_no_file()
    {
        CommandLineRun run = Quantize("--flash-budget", "700", "--method", "minmax");
        run.ShouldFail(ExitCodes.Refused, "plan.does-not-fit");
        Assert.Contains("the flash budget is 700", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("--weights", "5")]
    [InlineData("--flash-budget", "0")]
    [InlineData("--flash-budget", "9000", "--weights", "4")]
    [InlineData("--method", "best")]
    public void Options_that_make_no_sense_are_wrong_use(params string[] options) => Quantize(options).ShouldFail(ExitCodes.Usage, "usage");

    [Fact]
    public void Labels_of_other_samples_are_refused() =>
        Quantize("--labels", Digits.File("y_test.npy")).ShouldFail(ExitCodes.Failed, "data.sample-count-mismatch");

    private CommandLineRun Quantize(params string[] more) =>
        CommandLineRun.Of(["quantize", Digits.File("digits_mlp.onnx"), "-o", _folder.File("x.emlm"), "-c", Digits.File("x_train.npy"), .. more]);
}
