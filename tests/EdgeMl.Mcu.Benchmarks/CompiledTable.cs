using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>IL instructions of one inference of compiled models, dense and without the smallest 80 % of each layer's weights, with what the code takes.</summary>
internal static class CompiledTable
{
    /// <summary>Larger models take minutes to build and to instrument.</summary>
    private const long WeightsMax = 50_000;

    private const double PrunedPart = 0.8;

    public static void Print(IReadOnlyList<string> models)
    {
        Console.WriteLine($"{"compiled",-32} {"zeros",6} {"MACs",12} {"IL",14} {"IL/MAC",7} {"weighted/MAC",12} {"bytecode",9} {"assemblies",10} {"heap",8}");
        foreach (string name in models)
        {
            ModelGraph graph = CompiledModels.Get(name).Graph;
            Print(name, graph, 0);
            Print(name, Sparsity.Prune(graph, PrunedPart), PrunedPart);
        }
    }

    private static void Print(string name, ModelGraph graph, double pruned)
    {
        var options = new CSharpOptions("Benchmarks", CSharpNames.ClassOf(name), "edgeml compile");
        CompiledSource source = CSharpCompiler.Compile(graph, options);
        if (source.Layers.Sum(layer => layer.WeightsLive) > WeightsMax)
            return;
        using MeteredProgram program = MeteredProgram.Load([.. SubsetBuilds.RuntimeImages(), .. SourceBuild.ForDevice(source.Assemblies)]);
        object runner = program.FindType($"{options.Namespace}.{options.ClassName}").GetMethod("Create")!.Invoke(null, null)!;
        Counters total = new ModelMeter(program, runner).Measure().Total;
        long macs = GoldenIndex.Macs(name) ?? source.Layers.Sum(layer => layer.Macs);
        int bytecode = source.Assemblies.Sum(assembly => assembly.CodeBytes);
        Console.WriteLine($"{name,-32} {pruned,6:P0} {macs,12:N0} {total.Instructions,14:N0} {(double)total.Instructions / macs,7:F2} {total.Weighted / macs,12:F2} {bytecode,9:N0} {source.Assemblies.Count,10} {source.HeapBytes,8:N0}");
    }
}
