using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Metering.Tests;

/// <summary>What convolutions execute on the device, requantisation included, in the scratch that a model has by default.</summary>
public sealed class ConvolutionCostTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("kws_ref_int8", 2.35)]
    [InlineData("ic_resnet8_int8", 2.45)]
    [InlineData("magic_wand_int8", 4.0)]
    [InlineData("mnist_resnet_int8", 3.1)]
    [InlineData("str_ww_ref_int8", 2.8)]
    public void Convolutions_execute_few_instructions_for_each_multiply_accumulate(string model, double limit)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (DeviceLayer Layer, long Executed)[] layers = [.. Measure(model, new EmitOptions()).Where(item => item.Layer.Kernel is OpCode.PackedConv2D or OpCode.PackedPositions)];

        double ratio = (double)layers.Sum(item => item.Executed) / layers.Sum(item => item.Layer.Macs);
        log.WriteLine($"{model}: {ratio:F2} IL for each multiply-accumulate of its convolutions");
        Assert.InRange(ratio, 4 / 3.0, limit);
        foreach ((DeviceLayer layer, long executed) in layers)
        {
            log.WriteLine($"  {layer.ShortName}: {(double)executed / layer.Macs:F2}, predicted {(double)layer.PredictedIl / layer.Macs:F2}, {layer.ScratchBytes} bytes");
            Assert.InRange((double)layer.PredictedIl / executed, 0.8, 1.25);
        }
    }

    [Theory]
    [InlineData("kws_ref_int8", 2.8)]
    [InlineData("ic_resnet8_int8", 2.7)]
    [InlineData("magic_wand_int8", 5.0)]
    public void A_whole_model_executes_few_instructions_for_each_multiply_accumulate(string model, double limit)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (DeviceLayer Layer, long Executed)[] layers = [.. Measure(model, new EmitOptions())];

        double ratio = (double)layers.Sum(item => item.Executed) / layers.Sum(item => item.Layer.Macs);
        log.WriteLine($"{model}: {ratio:F3} IL for each multiply-accumulate");
        Assert.InRange(ratio, 4 / 3.0, limit);
    }

    [Theory]
    [InlineData("mnist_valid_int8")]
    [InlineData("mnist_dw_int8")]
    [InlineData("magic_wand_int8")]
    [InlineData("keyword_on_off_int8")]
    [InlineData("str_ww_ref_int8")]
    public void More_scratch_never_makes_a_model_slower(string model)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        long before = long.MaxValue;
        foreach (int budget in new[] { 0, 1024, 4096, 16 * 1024 })
        {
            long executed = Measure(model, new EmitOptions { ScratchBytes = budget }).Sum(item => item.Executed);
            log.WriteLine($"{model}: {budget} bytes of scratch, {executed} IL");
            Assert.InRange(executed, 1, before);
            before = executed;
        }
    }

    private static IEnumerable<(DeviceLayer Layer, long Executed)> Measure(string model, EmitOptions options)
    {
        CompiledModel compiled = EmlmCompiler.Compile(ModelLoader.Load(CompiledModels.GoldenPath(model)), options);
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        InferenceCount count = ModelMeter.Open(program, compiled.Bytes).Measure();
        return [.. compiled.Program.Layers.Zip(count.Layers, (layer, executed) => (layer, executed.Instructions))];
    }
}
