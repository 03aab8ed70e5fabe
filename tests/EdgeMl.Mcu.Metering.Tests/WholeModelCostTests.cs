using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>Executed IL of whole models, requantisation and all operators included, for each multiply-accumulate of the source model.</summary>
public sealed class WholeModelCostTests(ITestOutputHelper log)
{
    private const int ScratchBytesMax = 16 * 1024;

    [Theory]
    [InlineData("ad01_int8", 264_192, 0, 6.8)]
    [InlineData("ad01_int8", 264_192, 1_000_000, 2.9)]
    [InlineData("kws_ref_int8", 2_656_768, 0, 2.8)]
    [InlineData("magic_wand_int8", 62_016, 0, 5)]
    [InlineData("ic_resnet8_int8", 12_501_632, 0, 2.7)]
    public void A_model_executes_few_instructions_a_multiply_accumulate(string model, long macs, long packedWeightBytes, double limit)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        byte[] file = EmlmCompiler.Compile(ModelLoader.Load(CompiledModels.GoldenPath(model)), new EmitOptions { PackedWeightBytes = packedWeightBytes }).Bytes;
        Runtime.Model loaded = Runtime.Model.Load(file);
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());

        double il = (double)ModelMeter.Open(program, file).Measure().Total.Instructions / macs;

        log.WriteLine($"{model}: {il:F3} IL per multiply-accumulate, {loaded.ScratchBytes} bytes of scratch, {loaded.PackedBytes} of packed weights");
        Assert.InRange(il, 1, limit);
        Assert.InRange(loaded.ScratchBytes, 0, ScratchBytesMax);
        Assert.InRange(loaded.PackedBytes, 0, packedWeightBytes);
    }
}
