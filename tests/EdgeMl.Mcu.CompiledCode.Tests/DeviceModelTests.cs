using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.CompiledCode.Tests;

public sealed class DeviceModelTests
{
    [Theory]
    [InlineData("digits_mlp")]
    [InlineData("digits_cnn")]
    public void A_device_model_compiles_to_the_code_of_the_model_that_it_was_made_of(string name)
    {
        var options = new CSharpOptions("Models", CSharpNames.ClassOf(name), "edgeml compile");
        byte[] file = CompiledModels.Get(name).Bytes;
        Model model = Model.Load(file);

        CompiledSource source = CSharpCompiler.Compile(model, file, options);

        CompiledSource expected = CSharpCompiler.Compile(CompiledModels.Get(name).Graph, options);
        Assert.Equal(expected.Layers.Select(layer => (layer.Variant, layer.Macs, layer.WeightsLive)), source.Layers.Select(layer => (layer.Variant, layer.Macs, layer.WeightsLive)));
        Model compiled = SourceBuild.LoadOnHost((source, options))[0];
        Assert.Equal((model.Name, model.LayerCount, model.ArenaBytes), (compiled.Name, compiled.LayerCount, compiled.ArenaBytes));
        Assert.Equal(Error.None, new Interpreter(compiled).SelfTest());
        var before = new DeviceModelRunner(model, name);
        var after = new DeviceModelRunner(compiled, name);
        Assert.Equal(before.Inputs.Concat(before.Outputs).Select(port => $"{port.Tensor} {port.Tensor.Quantization?.Scale} {port.SourceShape}"), after.Inputs.Concat(after.Outputs).Select(port => $"{port.Tensor} {port.Tensor.Quantization?.Scale} {port.SourceShape}"));
    }

    [Fact]
    public void A_model_with_compiled_layers_needs_their_kernels()
    {
        CompiledSource source = CSharpCompiler.Compile(CompiledModels.Get("digits_mlp").Graph, new CSharpOptions("Models", "Digits", "edgeml compile"));

        Assert.Equal(Error.UnknownKernel, Model.TryLoad(source.Model, out _));
        Assert.Equal(Error.UnknownKernel, Model.TryLoad(source.Model, [], out _));
    }
}
