using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class DigitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits_cnn", "minmax")]
    [InlineData("digits_cnn", "percentile")]
    [InlineData("digits_mlp", "minmax")]
    [InlineData("digits_mlp", "auto")]
    [InlineData("digits_cnn", "auto")]
    public void A_quantised_model_is_as_good_as_its_float_model_within_one_sample(string model, string method)
    {
        string device = Quantize(model, "--method", method);
        int real = Correct(Digits.File($"{model}.onnx"));
        int quantized = Correct(device);
        Assert.InRange(quantized, real - 1, 450);
    }

    [Fact]
    public void A_run_in_any_format_verifies_against_itself()
    {
        string device = Quantize("digits_cnn");
        foreach (string file in new[] { "out.npy", "out.csv", "out.bin" })
        {
            string output = _folder.File(file);
            CommandLineRun run = CommandLineRun.Of("run", device, "--input", Digits.File("x_test.npy"), "--output", $"probabilities={output}");
            Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
            CommandLineRun verify = CommandLineRun.Of("verify", device, "--input", $"image={Digits.File("x_test.npy")}", "--expect", output, "--json");
            Assert.True(verify.ExitCode == ExitCodes.Ok, verify.Output + verify.Error);
            Assert.Equal(450, verify.Json.GetProperty("samples").GetInt32());
        }
    }

    [Fact]
    public void A_model_that_does_not_verify_exits_with_4_and_names_the_first_mismatch()
    {
        string device = Quantize("digits_mlp");
        string output = _folder.File("out.bin");
        CommandLineRun.Of("run", device, "-i", Digits.File("x_test.npy"), "-o", output);
        byte[] values = File.ReadAllBytes(output);
        values[2 * 10 + 3] ^= 1;
        File.WriteAllBytes(output, values);
        CommandLineRun run = CommandLineRun.Of("verify", device, "-i", Digits.File("x_test.npy"), "-e", output, "--json");
        Assert.Equal(ExitCodes.Refused, run.ExitCode);
        Assert.False(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal((1, 1), (run.Json.GetProperty("mismatches").GetInt32(), run.Json.GetProperty("maxAbsDiff").GetInt32()));
        JsonElement first = run.Json.GetProperty("first");
        Assert.Equal((2, 3), (first.GetProperty("sample").GetInt32(), first.GetProperty("index").GetInt32()));
        Assert.False(first.TryGetProperty("output", out _));
        Assert.Equal((sbyte)values[23], first.GetProperty("expected").GetInt32());
    }

    [Fact]
    public void A_run_without_output_files_prints_one_line_a_sample()
    {
        CommandLineRun run = CommandLineRun.Of("run", Digits.File("digits_mlp.onnx"), "--input", Digits.File("x_test.npy"));
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Equal(450, run.Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void Evaluation_counts_every_sample_in_the_confusion_matrix()
    {
        JsonElement report = CommandLineRun.Of("eval", Digits.File("digits_cnn.onnx"), "-i", Digits.File("x_test.npy"), "-l", Digits.File("y_test.npy"), "--json").Json;
        int[][] confusion = report.GetProperty("confusion").Deserialize<int[][]>()!;
        Assert.Equal(450, confusion.Sum(row => row.Sum()));
        Assert.Equal(report.GetProperty("correct").GetInt32(), Enumerable.Range(0, 10).Sum(i => confusion[i][i]));
        Assert.Equal(report.GetProperty("correct").GetInt32() / 450.0, report.GetProperty("accuracy").GetDouble(), 12);
    }

    [Fact]
    public void The_demo_is_the_same_every_time_and_leaves_models_that_run()
    {
        CommandLineRun first = CommandLineRun.Of("demo", "-o", _folder.Path);
        CommandLineRun second = CommandLineRun.Of("demo", "-o", _folder.Path);
        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), (first.ExitCode, second.ExitCode));
        Assert.Equal(first.Output, second.Output);
        Assert.Contains("20 of 20 devices run digits@1.1", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', first.Output);
        Assert.InRange(Correct(_folder.File("digits_cnn.emlm")), 430, 450);
        Assert.InRange(Correct(_folder.File("digits_mlp.emlm")), 430, 450);
    }

    [Fact]
    public void A_float_model_is_not_converted_but_the_way_to_quantise_it_is_named()
    {
        CommandLineRun run = CommandLineRun.Of("convert", Digits.File("digits_cnn.onnx"), "-o", _folder.File("x.emlm"));
        run.ShouldFail(ExitCodes.Failed, "emit.float-model");
        Assert.Contains("edgeml quantize", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("x.emlm")));
    }

    [Fact]
    public void An_interrupted_verb_exits_with_130_and_leaves_no_file()
    {
        CommandLineRun run = CommandLineRun.In(null, new CancellationToken(canceled: true),
            "quantize", Digits.File("digits_cnn.onnx"), "-o", _folder.File("x.emlm"), "-c", Digits.File("x_train.npy"));
        run.ShouldFail(ExitCodes.Interrupted, "interrupted");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Defaults_come_from_edgeml_json_and_options_win()
    {
        _folder.Write("edgeml.json", """{"method": "percentile"}""");
        Assert.Equal("percentile", Method());
        Assert.Equal("minmax", Method("--method", "minmax"));
        _folder.Write("edgeml.json", """{"method": "best"}""");
        CommandLineRun.In(_folder.Path, TestContext.Current.CancellationToken, Quantization()).ShouldFail(ExitCodes.Failed, "config.invalid");

        string? Method(params string[] more) =>
            CommandLineRun.In(_folder.Path, TestContext.Current.CancellationToken, Quantization([.. more, "--json"])).Json.GetProperty("method").GetString();

        string[] Quantization(params string[] more) =>
            ["quantize", Digits.File("digits_mlp.onnx"), "-o", _folder.File("x.emlm"), "-c", Digits.File("x_test.npy"), .. more];
    }

    private string Quantize(string model, params string[] more)
    {
        string device = _folder.File($"{model}.emlm");
        CommandLineRun run = CommandLineRun.Of(["quantize", Digits.File($"{model}.onnx"), "-o", device, "--calibration", Digits.File("x_train.npy"), .. more]);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Error);
        Assert.Contains("calibrated on 1347 samples", run.Output, StringComparison.Ordinal);
        return device;
    }

    private static int Correct(string model) =>
        CommandLineRun.Of("eval", model, "--input", Digits.File("x_test.npy"), "--labels", Digits.File("y_test.npy"), "--json").Json.GetProperty("correct").GetInt32();
}
