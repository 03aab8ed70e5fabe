using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Bench.Tests.Link;

/// <summary>Golden models over the link: every output bit is that of the TensorFlow Lite Micro reference kernels.</summary>
public class GoldenLinkTests
{
    private const int SamplesMax = 5;

    [Theory]
    [InlineData("hello_world_int8", "random")]
    [InlineData("mnist_dw_int8", "random")]
    [InlineData("kws_ref_int8", "random")]
    [InlineData("ad01_int8", "random")]
    public void A_golden_model_gives_the_bits_of_the_reference_kernels(string name, string set)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        byte[] file = EmlmCompiler.Compile(ModelLoader.Load(SharedData.File("golden", name, "model.tflite"))).Bytes;
        Model model = Model.Load(file);
        Assert.Equal((TensorEdge.None, TensorEdge.None), (model.Input(0).Edge, model.Output(0).Edge));
        byte[][] inputs = [.. File.ReadAllBytes(SharedData.File("golden", name, $"input_{set}.bin")).Chunk(model.Input(0).ByteCount).Take(SamplesMax)];
        byte[][] expected = [.. File.ReadAllBytes(SharedData.File("golden", name, $"output_{set}.bin")).Chunk(model.Output(0).ByteCount).Take(SamplesMax)];
        using var line = new ServedLine(new TestBoard());

        line.Client.PutModel(file, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, inputs.Select(input => line.Client.Run(input, cancellationToken: TestContext.Current.CancellationToken).Outputs));
    }
}
