using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Tests.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Fuzz;

/// <summary>
/// Damaged model files on the whole way: import, passes, lowering or the float executor, inspection, one run. Each part ends well or with one error of
/// the toolchain, within the memory of <see cref="Fuzzing"/>.
/// </summary>
public class DamagedModelTests
{
    private static readonly string[] FileCodes = ["file.", "tflite.", "onnx.", "emlm.", "import.", "emit.", "plan."];

    [Theory]
    [InlineData("hello_world_int8", 1500)]
    [InlineData("hello_world_float", 1500)]
    [InlineData("autoencoder_int8_floatio", 400)]
    [InlineData("magic_wand_int8", 400)]
    [InlineData("mnist_dw_int8", 400)]
    public void Damaged_tflite_models_are_run_or_refused(string name, int count)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        byte[] intact = File.ReadAllBytes(CompiledModels.GoldenPath(name));
        Run(intact, "x.tflite", count, seed: 1);
    }

    [Fact]
    public void Damaged_tflite_models_of_every_operator_are_run_or_refused()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        int seed = 0;
        foreach (GoldenCase item in GoldenCase.All)
            Run(File.ReadAllBytes(item.ModelPath), "x.tflite", 10, seed++);
    }

    [Fact]
    public void Damaged_onnx_models_are_run_or_refused()
    {
        Run(File.ReadAllBytes(Repository.PathOf("models/digits/digits_mlp.onnx")), "x.onnx", 1000, seed: 2);
        Run(File.ReadAllBytes(Repository.PathOf("models/digits/digits_cnn.onnx")), "x.onnx", 200, seed: 3);
        for (int seed = 1; seed <= 20; seed++)
            Run(RandomModel.Create(seed).ToBytes(), "x.onnx", 200, seed);
    }

    [Theory]
    [InlineData("digits_mlp")]
    [InlineData("digits_cnn")]
    public void Damaged_device_models_with_a_right_checksum_are_run_or_refused(string name)
    {
        byte[] intact = CompiledModels.Get(name).Bytes;
        Run(intact, "x.emlm", 1000, seed: 4);
        Run(intact, "x.emlm", 2000, seed: 5, Repair);
    }

    /// <summary>Twice the count: half of the copies keep their length.</summary>
    private static void Run(byte[] intact, string path, int count, int seed, Action<byte[]>? repair = null)
    {
        foreach (IEnumerable<byte[]> copies in new[] { Mutations.Of(intact, count, seed), Mutations.InPlace(intact, count, seed) })
        {
            IReadOnlyDictionary<string, int> refused = Fuzzing.Run(copies, damaged =>
            {
                repair?.Invoke(damaged);
                Use(damaged, path);
            });
            Assert.All(refused.Keys, code => Assert.Contains(FileCodes, prefix => code.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    private static void Use(byte[] content, string path)
    {
        ModelFile file = ModelFile.Parse(content, path);
        ModelInspector.Inspect(file);
        ModelRunner runner = file.CreateRunner();
        runner.Run([.. runner.Inputs.Select(port => SampleSet.Zeros(port, 1).Sample(0))]);
    }

    private static void Repair(byte[] file)
    {
        if (file.Length < ModelFormat.Header.Size + 4)
            return;
        BitConverter.TryWriteBytes(file.AsSpan(ModelFormat.Header.LengthOffset), file.Length);
        BitConverter.TryWriteBytes(file.AsSpan(file.Length - 4), Crc32.Compute(file, 0, file.Length - 4));
    }
}
