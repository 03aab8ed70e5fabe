using System.Text.Json;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class PruneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weight")]
    [InlineData("block")]
    [InlineData("channel")]
    public void A_pruned_float_model_can_be_evaluated_and_quantised(string granularity)
    {
        string pruned = _folder.File("sparse.onnx"), device = _folder.File("sparse.emlm");
        CommandLineRun run = Prune("digits_mlp.onnx", pruned, "0.5", "--granularity", granularity, "--json");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.InRange(run.Json.GetProperty("sparsity").GetDouble(), 0.5, 0.55);
        Assert.Equal((granularity, "obs"), (run.Json.GetProperty("granularity").GetString(), run.Json.GetProperty("method").GetString()));
        Assert.Equal(2, run.Json.GetProperty("layers").GetArrayLength());
        Assert.InRange(Correct(pruned), Correct(Digits.File("digits_mlp.onnx")) - 9, 450);
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("quantize", pruned, "-o", device, "-c", Digits.File("x_train.npy")).ExitCode);
        if (granularity == "channel")
            Assert.True(new FileInfo(pruned).Length < 0.6 * new FileInfo(Digits.File("digits_mlp.onnx")).Length);
    }

    [Fact]
    public void Magnitude_loses_more()
    {
        string obs = _folder.File("obs.onnx"), magnitude = _folder.File("magnitude.onnx");
        Assert.Equal(ExitCodes.Ok, Prune("digits_mlp.onnx", obs, "0.8").ExitCode);
        CommandLineRun run = Prune("digits_mlp.onnx", magnitude, "0.8", "--method", "magnitude");
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("by weight (magnitude)", run.Output, StringComparison.Ordinal);
        Assert.True(Correct(obs) > Correct(magnitude) + 20);
    }

    [Theory]
    [InlineData("digits_mlp", "weight")]
    [InlineData("digits_cnn", "block")]
    public void A_pruned_device_model_is_one_with_more_zeros(string name, string granularity)
    {
        string dense = Quantized(name), pruned = _folder.File("sparse.emlm");
        CommandLineRun run = CommandLineRun.Of("prune", dense, "-o", pruned, "-s", "0.6", "-c", Digits.File("x_train.npy"), "--granularity", granularity, "--json");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.InRange(run.Json.GetProperty("sparsity").GetDouble(), 0.6, 0.62);
        Assert.Equal(new FileInfo(pruned).Length, run.Json.GetProperty("fileBytes").GetInt64());
        Assert.InRange(Correct(pruned), Correct(dense) - 9, 450);
    }

    [Fact]
    public void Magnitude_loses_more_of_a_device_model()
    {
        string dense = Quantized("digits_mlp"), obs = _folder.File("obs.emlm"), magnitude = _folder.File("magnitude.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("prune", dense, "-o", obs, "-s", "0.85", "-c", Digits.File("x_train.npy")).ExitCode);
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("prune", dense, "-o", magnitude, "-s", "0.85", "-c", Digits.File("x_train.npy"), "--method", "magnitude").ExitCode);
        Assert.True(Correct(obs) > Correct(magnitude) + 10, $"{Correct(obs)} and {Correct(magnitude)}");
    }

    [Fact]
    public void What_a_device_model_cannot_take_is_refused()
    {
        string dense = Quantized("digits_mlp"), output = _folder.File("x.emlm");
        string[] arguments = ["prune", dense, "-s", "0.5", "-c", Digits.File("x_train.npy"), "-o"];
        CommandLineRun.Of([.. arguments, _folder.File("x.onnx")]).ShouldFail(ExitCodes.Usage, "usage");
        CommandLineRun.Of([.. arguments, output, "--scratch", "0"]).ShouldFail(ExitCodes.Usage, "usage");
        CommandLineRun.Of([.. arguments, output, "--granularity", "channel"]).ShouldFail(ExitCodes.Failed, "prune.sparsity-out-of-reach");
        CommandLineRun.Of("prune", dense, "-s", "0.5", "-c", Digits.File("y_train.npy"), "-o", output).ShouldFail(ExitCodes.Failed, "data.shape-mismatch");
        byte[] damaged = File.ReadAllBytes(dense);
        damaged[^20] ^= 1;
        File.WriteAllBytes(dense, damaged);
        CommandLineRun.Of([.. arguments, output]).ShouldFail(ExitCodes.Failed, "emlm.checksum");
        Assert.False(File.Exists(output));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("-0.1")]
    [InlineData("80")]
    [InlineData("NaN")]
    public void A_sparsity_outside_0_to_1_is_a_mistake_in_usage(string sparsity) =>
        Prune("digits_mlp.onnx", _folder.File("x.onnx"), sparsity).ShouldFail(ExitCodes.Usage, "usage");

    [Fact]
    public void The_output_has_the_ending_of_its_format()
    {
        Prune("digits_mlp.onnx", _folder.File("x.emlm"), "0.5").ShouldFail(ExitCodes.Usage, "usage");
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Calibration_data_of_another_model_or_without_any_change_is_refused()
    {
        string constant = _folder.File("constant.csv"), nan = _folder.File("nan.csv"), output = _folder.File("x.onnx");
        string line = string.Join(',', Enumerable.Repeat("0.5", 64));
        File.WriteAllText(constant, $"{line}\n{line}\n");
        File.WriteAllText(nan, $"{line}\n{line.Replace("0.5,0.5", "0.25,nan", StringComparison.Ordinal)}\n");
        PruneWith(constant).ShouldFail(ExitCodes.Failed, "quantize.bad-calibration-data");
        CommandLineRun run = PruneWith(nan);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        File.WriteAllText(constant, "1,2,3\n");
        PruneWith(constant).ShouldFail(ExitCodes.Failed, "data.shape-mismatch");
        Assert.False(File.Exists(output));

        CommandLineRun PruneWith(string file) => CommandLineRun.Of("prune", Digits.File("digits_mlp.onnx"), "-o", output, "-s", "0.5", "-c", file);
    }

    [Fact]
    public void An_interrupted_run_leaves_no_file()
    {
        string output = _folder.File("x.onnx");
        CommandLineRun run = CommandLineRun.In(null, new CancellationToken(true), "prune", Digits.File("digits_cnn.onnx"), "-o", output, "-s", "0.5", "-c", Digits.File("x_train.npy"));
        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Sensitivity_is_a_table_a_document_and_a_chart()
    {
        string chart = _folder.File("digits.svg");
        string[] arguments = ["sensitivity", Digits.File("digits_mlp.onnx"), "--data", Digits.File("x_test.npy"), "--labels", Digits.File("y_test.npy")];
        CommandLineRun run = CommandLineRun.Of([.. arguments, "-o", chart]);
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        XElement svg = XDocument.Load(chart).Root!;
        Assert.Equal(4, svg.Elements().Count(element => element.Name.LocalName == "polyline"));

        JsonElement report = CommandLineRun.Of([.. arguments, "--json"]).Json;
        Assert.InRange(report.GetProperty("accuracy").GetDouble(), 0.9, 1);
        JsonElement layer = report.GetProperty("layers")[0];
        Assert.Contains(layer.GetProperty("name").GetString()!, run.Output, StringComparison.Ordinal);
        Assert.Equal(7, layer.GetProperty("sparsity").GetArrayLength());
        Assert.Equal([8, 6, 5, 4, 3, 2], layer.GetProperty("bits").EnumerateArray().Select(point => point.GetProperty("value").GetDouble()));
    }

    [Fact]
    public void Sensitivity_writes_charts_as_svg_only() => CommandLineRun.Of("sensitivity", Digits.File("digits_mlp.onnx"), "-d", Digits.File("x_test.npy"), "-o", _folder.File("x.png"))
        .ShouldFail(ExitCodes.Usage, "usage");

    private static CommandLineRun Prune(string model, string output, string sparsity, params string[] options) => CommandLineRun.Of(
        ["prune", Digits.File(model), "-o", output, "--sparsity", sparsity, "--calibration", Digits.File("x_train.npy"), .. options]);

    private string Quantized(string name)
    {
        string path = _folder.File("dense.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("quantize", Digits.File($"{name}.onnx"), "-o", path, "-c", Digits.File("x_train.npy")).ExitCode);
        return path;
    }

    private static int Correct(string model) =>
        CommandLineRun.Of("eval", model, "-i", Digits.File("x_test.npy"), "-l", Digits.File("y_test.npy"), "--json").Json.GetProperty("correct").GetInt32();
}
