using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

public sealed class DamagedInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_onnx_models_are_inspected_or_refused_with_one_error() =>
        Damage(File.ReadAllBytes(Digits.File("digits_cnn.onnx")), "x.onnx", 400, path => ["inspect", path]);

    [Fact]
    public void Damaged_tflite_models_are_inspected_or_refused_with_one_error()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        Damage(File.ReadAllBytes(SharedData.File("golden", "hello_world_int8", "model.tflite")), "x.tflite", 1500, path => ["inspect", path]);
    }

    [Fact]
    public void Damaged_device_models_are_refused_with_one_error()
    {
        string intact = Device();
        int refused = Damage(File.ReadAllBytes(intact), "x.emlm", 1500, path => ["run", path, "-i", Digits.File("x_test.npy")]);
        Assert.Equal(1500, refused);
    }

    [Theory]
    [InlineData("x.npy")]
    [InlineData("x.csv")]
    [InlineData("x.bin")]
    public void Damaged_samples_are_run_or_refused_with_one_error(string file)
    {
        string device = Device();
        string intact = _folder.File(file);
        WriteSamples(intact);
        Damage(File.ReadAllBytes(intact), "damaged" + Path.GetExtension(file), 400, path => ["run", device, "-i", path]);
    }

    [Theory]
    [InlineData(".onnx", "onnx.invalid")]
    [InlineData(".tflite", "tflite.invalid")]
    [InlineData(".emlm", "emlm.truncated")]
    [InlineData(".txt", "file.unknown-format")]
    public void Empty_models_are_refused(string extension, string code) =>
        CommandLineRun.Of("inspect", _folder.Write("empty" + extension, "")).ShouldFail(ExitCodes.Failed, code);

    [Theory]
    [InlineData(".npy", "data.npy-invalid")]
    [InlineData(".csv", "data.csv-invalid")]
    [InlineData(".bin", "data.bin-invalid")]
    [InlineData(".dat", "file.unknown-format")]
    public void Empty_samples_are_refused(string extension, string code) =>
        CommandLineRun.Of("run", Digits.File("digits_mlp.onnx"), "-i", _folder.Write("empty" + extension, "")).ShouldFail(ExitCodes.Failed, code);

    [Fact]
    public void An_input_that_the_model_does_not_have_is_named()
    {
        CommandLineRun run = CommandLineRun.Of("run", Digits.File("digits_mlp.onnx"), "-i", "picture=x.npy");
        run.ShouldFail(ExitCodes.Failed, "data.unknown-tensor");
        Assert.Contains("'picture'", run.Error, StringComparison.Ordinal);
        Assert.Contains("It has 'image'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_of_the_wrong_shape_name_both_shapes()
    {
        CommandLineRun run = CommandLineRun.Of("run", Digits.File("digits_mlp.onnx"), "-i", Digits.File("y_test.npy"));
        run.ShouldFail(ExitCodes.Failed, "data.shape-mismatch");
        Assert.Contains("450", run.Error, StringComparison.Ordinal);
        Assert.Contains("1x64", run.Error, StringComparison.Ordinal);
    }

    private string Device()
    {
        string device = _folder.File("intact.emlm");
        Assert.Equal(ExitCodes.Ok, CommandLineRun.Of("quantize", Digits.File("digits_mlp.onnx"), "-o", device, "-c", Digits.File("x_test.npy")).ExitCode);
        return device;
    }

    private static void WriteSamples(string path)
    {
        if (path.EndsWith(".bin", StringComparison.Ordinal))
            File.WriteAllBytes(path, new byte[2 * 64]);
        else if (path.EndsWith(".csv", StringComparison.Ordinal))
            File.WriteAllText(path, string.Join('\n', Enumerable.Repeat(string.Join(',', Enumerable.Repeat("0.25", 64)), 2)));
        else
            File.WriteAllBytes(path, Toolchain.Data.NpyWriter.Write(new Toolchain.Data.NumericArray(new Toolchain.Graph.Shape(2, 64), new float[128])));
    }

    private int Damage(byte[] intact, string name, int count, Func<string, string[]> arguments)
    {
        int refused = 0;
        foreach (byte[] damaged in Mutations.Of(intact, count, seed: 7))
        {
            CommandLineRun run = CommandLineRun.Of(arguments(_folder.Write(name, damaged)));
            if (run.ExitCode == ExitCodes.Ok)
                continue;
            refused++;
            Assert.DoesNotContain("error internal", run.Error, StringComparison.Ordinal);
            run.ShouldFail(ExitCodes.Failed, run.Error.Split(' ', ':')[1]);
        }
        return refused;
    }
}
