using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Cli.Hil;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests.Hil;

public class BenchModelTests
{
    private static BenchModels Models => new(TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("digits-cnn")]
    [InlineData("digits-mlp")]
    [InlineData("digits-mlp-pruned")]
    public void The_built_in_models_give_the_outputs_of_their_vectors(string name)
    {
        GoldenModel model = Models.Open(new ModelConfiguration { Name = "digits", BuiltIn = name, Samples = 5 });

        Assert.Equal(["self-test", "sample 0", "sample 1", "sample 2", "sample 3", "sample 4"], model.Vectors.Select(vector => vector.Name));
        Assert.All(model.Vectors, vector => Assert.Null(vector.FirstDifference(Run(model.File, vector.Inputs))));
    }

    [Fact]
    public void Another_self_test_makes_another_file_of_the_same_model()
    {
        GoldenModel model = Models.Open(new ModelConfiguration { Name = "digits", BuiltIn = "digits-mlp", Samples = 2 });

        GoldenModel other = model.WithSelfTest(77);

        Assert.Equal(model.File.Length, other.File.Length);
        Assert.NotEqual(model.File, other.File);
        Assert.Equal(Error.None, new Interpreter(Model.Load(other.File)).SelfTest());
        Assert.All(model.Vectors, vector => Assert.Null(vector.FirstDifference(Run(other.File, vector.Inputs))));
        Assert.NotEqual(model.Vectors[0].Inputs[0], GoldenModel.SelfTestOf("digits", other.File)!.Inputs[0]);
    }

    [Fact]
    public void Files_of_the_golden_set_become_vectors()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);

        GoldenModel model = Models.Open(Sine());

        Assert.Equal(4, model.Vectors.Count(vector => vector.Name.StartsWith("sample ", StringComparison.Ordinal)));
        Assert.All(model.Vectors, vector => Assert.Null(vector.FirstDifference(Run(model.File, vector.Inputs))));
    }

    [Fact]
    public void Expected_outputs_that_this_machine_does_not_give_either_are_refused()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        ModelConfiguration sine = Sine();
        byte[] expected = File.ReadAllBytes(sine.Expected[0]);
        expected[0] ^= 1;

        BenchException error = Assert.Throws<BenchException>(() => Models.Open(sine with { Expected = [folder.Write("expected.bin", expected)] }));

        Assert.Equal(BenchErrorCodes.BenchModel, error.Code);
        Assert.Contains("sample 0, element 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_names_output_byte_and_both_values()
    {
        var vector = new GoldenVector("sample 7", [[1]], [[1, 2], [3, 4, 5]]);

        Assert.Null(vector.FirstDifference([1, 2, 3, 4, 5]));
        Assert.Equal(new Difference("sample 7", 1, 1, 4, 9), vector.FirstDifference([1, 2, 3, 9, 5]));
        Assert.Equal(new Difference("sample 7", 1, 2, 5, null), vector.FirstDifference([1, 2, 3, 4]));
        Assert.Equal(new Difference("sample 7", 1, 3, null, 6), vector.FirstDifference([1, 2, 3, 4, 5, 6]));
        Assert.Equal(new Difference("sample 7", 0, 0, 1, null), vector.FirstDifference([]));
        Assert.Equal("sample 7, byte 1 of output 1: expected 0x04, got 0x09", vector.FirstDifference([1, 2, 3, 9, 5])!.ToString());
    }

    private static ModelConfiguration Sine() => new()
    {
        Name = "sine",
        File = Golden("model.tflite"),
        Inputs = [Golden("input_real.bin")],
        Expected = [Golden("output_real.bin")],
        Samples = 4,
    };

    private static string Golden(string file) => SharedData.File("golden", "hello_world_int8", file);

    private static byte[] Run(byte[] file, IReadOnlyList<byte[]> inputs)
    {
        Assert.Equal(Error.None, Model.TryLoad(file, out Model model));
        var interpreter = new Interpreter(model);
        for (int i = 0; i < inputs.Count; i++)
            interpreter.SetInput(i, inputs[i]);
        interpreter.Invoke();
        return
        [
            .. Enumerable.Range(0, model.OutputCount).SelectMany(i =>
            {
                byte[] output = new byte[model.Output(i).ByteCount];
                interpreter.GetOutput(i, output);
                return output;
            }),
        ];
    }
}
