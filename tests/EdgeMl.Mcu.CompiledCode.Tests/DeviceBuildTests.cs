using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using Mono.Cecil;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>Generated C# built for the nanoFramework subset, without warnings: its limits, and what it executes.</summary>
public sealed class DeviceBuildTests(ITestOutputHelper log)
{
    private const int LocalsLimit = 255;
    private const double PrunedPart = 0.8;

    [Theory]
    [InlineData("kws_ref_int8", 0, 2.4)]
    [InlineData("kws_ref_int8", PrunedPart, 1.5)]
    [InlineData("digits_mlp", 0, 2.5)]
    [InlineData("digits_mlp", PrunedPart, 1.7)]
    [InlineData("magic_wand_int8", 0, 5.5)]
    public void Compiled_models_stay_within_their_instructions_for_a_multiplication(string model, double sparsity, double limit)
    {
        Assert.SkipUnless(SharedData.IsAvailable || CompiledModels.Digits.Contains(model), SharedData.Missing);
        ModelGraph graph = Sparsity.Prune(CompiledModels.Get(model).Graph, sparsity);
        var options = new CSharpOptions("Device", CSharpNames.ClassOf(model), "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(graph, options);
        IReadOnlyList<byte[]> images = SourceBuild.ForDevice(source.Assemblies);

        CheckLimits(source, images);
        using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.Images(source.RuntimeAssemblies), .. images]);
        object runner = program.FindType($"{options.Namespace}.{options.ClassName}").GetMethod("Create")!.Invoke(null, null)!;
        InferenceCount count = new ModelMeter(program, runner).Measure();

        Assert.Equal(0, Convert.ToInt32(runner.GetType().GetMethod("SelfTest")!.Invoke(runner, null)));
        CheckPredictions(source, count);
        double rate = (double)count.Total.Instructions / source.Layers.Sum(layer => layer.Macs);
        log.WriteLine($"{model} {sparsity:P0}: {rate:F3} IL/MAC, {source.Assemblies.Sum(assembly => assembly.CodeBytes)} bytes of bytecode in {source.Assemblies.Count} assemblies beside {string.Join(", ", source.RuntimeAssemblies)}, heap {source.HeapBytes}");
        Assert.InRange(rate, 0, limit);
    }

    [Fact]
    public void A_compiled_model_installs_the_optional_kernels_that_its_other_layers_need()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        CompiledSource source = CSharpCompiler.Compile(CompiledModels.Get("mnist_resnet_int8").Graph, new CSharpOptions("Device", "Residual", "edgeml compile"));
        Assert.Contains(source.Layers, layer => layer is { Variant: "runtime", Operator: "Add" });
        Assert.Equal([KernelAssemblies.Runtime, KernelAssemblies.Packed], source.RuntimeAssemblies);
        SourceFile nano = source.Projects.Single(project => project.Path == "Residual.nfproj");
        Assert.Contains($"<HintPath>$(EdgeMlRuntime)\\{KernelAssemblies.Packed}.dll</HintPath>", nano.Text, StringComparison.Ordinal);

        using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.Images(source.RuntimeAssemblies), .. SourceBuild.ForDevice(source.Assemblies)]);
        object runner = program.FindType("Device.Residual").GetMethod("Create")!.Invoke(null, null)!;

        Assert.Equal(0, Convert.ToInt32(runner.GetType().GetMethod("SelfTest")!.Invoke(runner, null)));
    }

    /// <summary>The bytes that the generator counts are an upper bound, and a close one, of what the compiler emits.</summary>
    private static void CheckLimits(CompiledSource source, IReadOnlyList<byte[]> images)
    {
        for (int i = 0; i < images.Count; i++)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(images[i]));
            SourceAssembly assembly = source.Assemblies.Single(assembly => assembly.Name == module.Assembly.Name.Name);
            MethodDefinition[] methods = [.. module.Types.SelectMany(type => type.Methods).Where(method => method.HasBody)];
            Assert.InRange(methods.Sum(method => method.Body.CodeSize), assembly.CodeBytes / 2, assembly.CodeBytes);
            Assert.All(methods, method => Assert.InRange(method.Body.CodeSize, 1, short.MaxValue));
            Assert.All(methods, method => Assert.InRange(method.Body.Variables.Count, 0, LocalsLimit));
            int data = module.Types.Concat(module.Types.SelectMany(type => type.NestedTypes)).SelectMany(type => type.Fields).Sum(field => field.InitialValue?.Length ?? 0);
            Assert.InRange(data, assembly.DataBytes, assembly.DataBytes);
        }
    }

    private static void CheckPredictions(CompiledSource source, InferenceCount count)
    {
        for (int i = 0; i < source.Layers.Count; i++)
        {
            CompiledLayer layer = source.Layers[i];
            if (layer.Variant != "runtime")
                Assert.InRange(count.Layers[i].Instructions, layer.IlInstructions * 0.9, (layer.IlInstructions * 1.1) + 150);
        }
    }
}
