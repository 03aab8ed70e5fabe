using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;
using Mono.Cecil;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>Tree ensembles of any kind as generated C#, made of the source model and of the device model.</summary>
public sealed class RandomTreeTests(ITestOutputHelper log)
{
    private const int Ensembles = 120;
    private const int Rows = 60;
    private const int MethodBytesMax = 30_000;

    [Fact]
    public void Compiled_trees_give_the_bits_of_the_kernel_for_every_input()
    {
        TreeEnsemble[] ensembles = [.. Enumerable.Range(1000, Ensembles).Select(RandomTrees.Create)];
        var code = new List<(CompiledSource Source, CSharpOptions Options)>();
        foreach (TreeEnsemble ensemble in ensembles)
        {
            code.Add(FromGraph(ensemble, code.Count));
            code.Add(FromDeviceModel(ensemble, code.Count));
        }
        for (int i = 0; i < ensembles.Length; i++)
        {
            string variant = ensembles[i].Aggregate is TreeAggregate.Sum or TreeAggregate.Average ? "trees" : "runtime";
            CompiledLayer fromGraph = Assert.Single(code[2 * i].Source.Layers);
            CompiledLayer fromDeviceModel = Assert.Single(code[(2 * i) + 1].Source.Layers);
            Assert.Equal(variant, fromGraph.Variant);
            Assert.Equal((fromGraph.Variant, fromGraph.IlInstructions, fromGraph.CodeBytes), (fromDeviceModel.Variant, fromDeviceModel.IlInstructions, fromDeviceModel.CodeBytes));
        }
        Assert.NotEmpty(DeviceImage(code));
        Model[] compiled = SourceBuild.LoadOnHost(code);
        for (int i = 0; i < compiled.Length; i++)
            Compare(ensembles[i / 2], compiled[i], Rows, i);
    }

    [Fact]
    public void Trees_beyond_one_method_give_the_bits_of_the_kernel()
    {
        var random = new Random(3);
        TreeNode[] nodes = [.. Enumerable.Range(0, 4000).Select(i => new TreeNode(i % 7, random.NextSingle(), i % 20 < 18 ? i + 1 : ~(i % 50), i % 20 < 17 ? i + 2 : ~(i % 40), i % 3 == 0))];
        LeafWeight[][] leaves = [.. Enumerable.Range(0, 50).Select(i => new[] { new LeafWeight(i % 4, random.NextSingle()), new LeafWeight(i % 3, -random.NextSingle()) })];
        var ensemble = new TreeEnsemble([.. Enumerable.Range(0, 200).Select(i => i * 20)], nodes, leaves, 7, 4, TreeAggregate.Average, [1, 2, 3, 4], BinaryScores.None, [], []);
        (CompiledSource Source, CSharpOptions Options)[] code = [FromGraph(ensemble, 0), FromDeviceModel(ensemble, 1)];

        Assert.All(code, item => Assert.True(item.Source.Assemblies.Count > 1));
        foreach (byte[] image in code.SelectMany(item => SourceBuild.ForDevice(item.Source.Assemblies)))
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(image));
            int[] sizes = [.. module.Types.SelectMany(type => type.Methods).Where(method => method.HasBody).Select(method => method.Body.CodeSize)];
            Assert.All(sizes, size => Assert.InRange(size, 1, MethodBytesMax));
            Assert.InRange(sizes.Sum(), 1, ushort.MaxValue);
        }
        foreach (Model model in SourceBuild.LoadOnHost(code))
            Compare(ensemble, model, 200, 5);
    }

    [Fact]
    public void The_predicted_count_is_near_the_count_of_random_inputs()
    {
        TreeEnsemble[] ensembles = [.. Enumerable.Range(2000, 40).Select(RandomTrees.Create).Where(ensemble => ensemble.Aggregate is TreeAggregate.Sum or TreeAggregate.Average)];
        (CompiledSource Source, CSharpOptions Options)[] code = [.. ensembles.Select(FromGraph)];
        using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.RuntimeImages(), DeviceImage(code)]);
        double counted = code.Sum(item =>
        {
            object runner = program.FindType($"{item.Options.Namespace}.{item.Options.ClassName}").GetMethod("Create")!.Invoke(null, null)!;
            return (double)new ModelMeter(program, runner).Measure().Layers[0].Instructions;
        });
        double predicted = code.Sum(item => (double)item.Source.Layers[0].IlInstructions);
        log.WriteLine($"predicted {predicted:F0}, counted {counted:F0}");
        Assert.InRange(counted / predicted, 0.5, 2);
    }

    private static (CompiledSource Source, CSharpOptions Options) FromGraph(TreeEnsemble ensemble, int index)
    {
        CSharpOptions options = Options(index);
        return (CSharpCompiler.Compile(RandomTrees.Graph(ensemble), options), options);
    }

    private static (CompiledSource Source, CSharpOptions Options) FromDeviceModel(TreeEnsemble ensemble, int index)
    {
        CSharpOptions options = Options(index);
        byte[] file = EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes;
        return (CSharpCompiler.Compile(Model.Load(file), file, options), options);
    }

    private static CSharpOptions Options(int index) => new("Random", $"Ensemble{index}", "edgeml compile");

    /// <summary>All code in one assembly: one build is faster than many.</summary>
    private static byte[] DeviceImage(IEnumerable<(CompiledSource Source, CSharpOptions Options)> code) =>
        SourceBuild.ForDevice([new SourceAssembly("Ensembles", "", [.. code.SelectMany(item => item.Source.Assemblies).SelectMany(assembly => assembly.Sources)], 0, 0)])[0];

    private static void Compare(TreeEnsemble ensemble, Model model, int rows, int seed)
    {
        var expected = new Interpreter(Model.Load(EmlmCompiler.Compile(RandomTrees.Graph(ensemble)).Bytes));
        var actual = new Interpreter(model);
        Assert.Equal(expected.Model.OutputCount, model.OutputCount);
        Assert.Equal(Error.None, actual.SelfTest());
        foreach (float[] row in RandomTrees.Rows(ensemble, rows, seed))
        {
            foreach (Interpreter interpreter in new[] { expected, actual })
            {
                interpreter.SetInput(0, row);
                interpreter.Invoke();
            }
            for (int output = 0; output < model.OutputCount; output++)
                Assert.Equal(Bytes(expected, output), Bytes(actual, output));
        }
    }

    private static byte[] Bytes(Interpreter interpreter, int output)
    {
        var bytes = new byte[interpreter.Model.Output(output).ByteCount];
        interpreter.GetOutput(output, bytes);
        return bytes;
    }
}
