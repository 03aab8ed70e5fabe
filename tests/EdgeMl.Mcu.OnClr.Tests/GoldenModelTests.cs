using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Edges;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.OnClr.Tests;

/// <summary>Golden models on the real interpreter: every output bit is that of the TensorFlow Lite Micro reference kernels.</summary>
public sealed class GoldenModelTests(ITestOutputHelper log)
{
    private const int MaxSamples = 3;

    [Theory]
    [InlineData("hello_world_int8", "real")]
    [InlineData("hello_world_int8", "random")]
    [InlineData("magic_wand_int8", "random")]
    [InlineData("mnist_valid_int8", "real")]
    [InlineData("mnist_valid_int8", "random")]
    [InlineData("mnist_dw_int8", "real")]
    [InlineData("kws_ref_int8", "random")]
    [InlineData("mnist_resnet_int8", "real")]
    [InlineData("mnist_valid_int8", "real", 1024)]
    [InlineData("magic_wand_int8", "random", 1024)]
    [InlineData("ad01_int8", "real")]
    [InlineData("ad01_int8", "random")]
    [InlineData("ad01_int8", "random", KernelChoice.DefaultScratchBytes, 1_000_000)]
    public void The_interpreter_gives_the_bits_of_the_reference_kernels(string model, string set, int scratchBytes = KernelChoice.DefaultScratchBytes, long packedWeightBytes = 0)
    {
        Assert.SkipUnless(NanoTools.AreAvailable, NanoTools.Missing);
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        byte[] file = EmlmCompiler.Compile(ModelLoader.Load(SharedData.File("golden", model, "model.tflite")), new EmitOptions { ScratchBytes = scratchBytes, PackedWeightBytes = packedWeightBytes }).Bytes;
        Model loaded = Model.Load(file);
        byte[][] inputs = Samples(File.ReadAllBytes(SharedData.File("golden", model, $"input_{set}.bin")), loaded.Input(0));
        byte[][] expected = Samples(File.ReadAllBytes(SharedData.File("golden", model, $"output_{set}.bin")), loaded.Output(0));

        byte[][] taken = [.. inputs.Take(MaxSamples).Select(sample => Quantize(sample, loaded.Input(0)))];
        InterpreterRun run = InterpreterRun.Execute(new Payload(file, [.. taken.SelectMany(sample => sample)]))[0];

        Assert.Equal((int)Error.None, run.LoadError);
        Assert.Equal((int)Error.None, run.SelfTestError);
        Assert.Equal(taken.Length, run.Outputs.Count);
        for (int i = 0; i < taken.Length; i++)
            Assert.Equal(expected[i], Dequantize(run.Outputs[i], loaded.Output(0)));
        log.WriteLine($"{model}: {run.Times.Min().TotalMilliseconds:F2} ms per inference on this interpreter");
    }

    private static byte[][] Samples(byte[] all, TensorInfo tensor) =>
        [.. all.Chunk(tensor.Count * (tensor.Edge == TensorEdge.None ? sizeof(sbyte) : sizeof(float)))];

    private static byte[] Quantize(byte[] sample, TensorInfo input)
    {
        if (input.Edge == TensorEdge.None)
            return sample;
        var values = new float[input.Count];
        Buffer.BlockCopy(sample, 0, values, 0, sample.Length);
        return Array.ConvertAll(values, value => (byte)FloatEdge.Quantize(value, input.Scale, input.ZeroPoint));
    }

    private static byte[] Dequantize(byte[] output, TensorInfo tensor)
    {
        if (tensor.Edge == TensorEdge.None)
            return output;
        Assert.Equal(TensorEdge.Float, tensor.Edge);
        return [.. output.SelectMany(value => BitConverter.GetBytes(tensor.Scale * ((sbyte)value - tensor.ZeroPoint)))];
    }
}
