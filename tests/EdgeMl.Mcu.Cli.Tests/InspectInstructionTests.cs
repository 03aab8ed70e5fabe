using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class InspectInstructionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Instructions_are_counted_for_each_layer_where_they_are_asked_for()
    {
        string model = _folder.Write("digits_mlp.emlm", CompiledModels.Get("digits_mlp").Bytes);
        Assert.False(CommandLineRun.Of("inspect", model, "--json").Json.TryGetProperty("execution", out _));
        JsonElement report = CommandLineRun.Of("inspect", model, "--il", "--json").Json;
        JsonElement execution = report.GetProperty("execution");
        long il = execution.GetProperty("il").GetInt64();

        JsonElement[] layers = [.. execution.GetProperty("layers").EnumerateArray()];
        Assert.Equal(report.GetProperty("layers").GetArrayLength(), layers.Length);
        Assert.InRange(layers.Sum(layer => layer.GetProperty("il").GetInt64()), 0.97 * il, il);
        Assert.Equal(report.GetProperty("macs").GetInt64(), layers.Sum(layer => layer.GetProperty("macs").GetInt64()));
        Assert.Equal((double)il / report.GetProperty("macs").GetInt64(), execution.GetProperty("ilPerMac").GetDouble(), 1e-9);
        Assert.Equal(il, execution.GetProperty("byClass").EnumerateObject().Sum(entry => entry.Value.GetInt64()));
        Assert.True(execution.GetProperty("weightedIl").GetDouble() > il);
        string text = CommandLineRun.Of("inspect", model, "--il").Output;
        Assert.Matches(@"IL +[\d,]+ +[\d.]+ per MAC", text);
    }

    [Fact]
    public void A_float_model_executes_nothing_on_the_device() =>
        CommandLineRun.Of("inspect", Digits.File("digits_mlp.onnx"), "--il").ShouldFail(ExitCodes.Failed, "emit.float-model");
}
