using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Bytes of deltas between device models, and IL that the device executes to apply them.</summary>
internal static class DeltaTable
{
    private const int BlockBytes = 1024;
    private const string Decoder = "EdgeMl.Mcu.Agent.Delta.DeltaDecoder";
    private const string Source = "EdgeMl.Mcu.Agent.MemorySource";

    private static readonly (string Name, Func<ModelGraph, ModelGraph> Change)[] Updates =
    [
        ("nothing changed", graph => graph),
        ("last layer, deviation 1", graph => Retraining.LastLayer(graph, 1, 1)),
        ("last layer, deviation 3", graph => Retraining.LastLayer(graph, 3, 1)),
        ("last layer, deviation 10", graph => Retraining.LastLayer(graph, 10, 1)),
        ("0.5 % of the weights", graph => Retraining.SomeWeights(graph, 0.005, 2)),
        ("2 % of the weights", graph => Retraining.SomeWeights(graph, 0.02, 2)),
        ("10 % of the weights", graph => Retraining.SomeWeights(graph, 0.1, 2)),
        ("20 % pruned by magnitude", graph => Sparsity.Prune(graph, 0.2)),
        ("50 % pruned by magnitude", graph => Sparsity.Prune(graph, 0.5)),
        ("80 % pruned by magnitude", graph => Sparsity.Prune(graph, 0.8)),
    ];

    public static void Print(IReadOnlyList<string> models)
    {
        using MeteredProgram program = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime), File.ReadAllBytes(SubsetBuilds.PathOf("EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Agent")));
        Console.WriteLine($"{"delta",-32} {"update",-26} {"file",9} {"delta",9} {"part",8} {"encode ms",10} {"IL",12} {"IL/byte",8}");
        foreach (string name in models)
        {
            CompiledModel compiled = CompiledModels.Get(name);
            foreach ((string update, Func<ModelGraph, ModelGraph> change) in Updates)
                Print(program, name, update, compiled.Bytes, EmlmCompiler.Compile(change(compiled.Graph)).Bytes);
            Print(program, name, "other kernels", compiled.Bytes, EmlmCompiler.Compile(compiled.Graph, new EmitOptions { ScratchBytes = 0 }).Bytes);
            Print(program, name, "from nothing", [], compiled.Bytes);
        }
    }

    private static void Print(MeteredProgram program, string name, string update, byte[] original, byte[] target)
    {
        byte[] delta = DeltaEncoder.Encode(original, target);
        double milliseconds = Stopwatches.Milliseconds(() => DeltaEncoder.Encode(original, target), seconds: 0.1);
        long executed = Apply(program, original, delta, target);
        Console.WriteLine($"{name,-32} {update,-26} {target.Length,9:N0} {delta.Length,9:N0} {(double)delta.Length / target.Length,8:P2} {milliseconds,10:F1} {executed,12:N0} {(double)executed / target.Length,8:F1}");
    }

    /// <summary>IL to open and apply a delta, checksums included.</summary>
    private static long Apply(MeteredProgram program, byte[] original, byte[] delta, byte[] target)
    {
        dynamic decoder = Activator.CreateInstance(program.FindType(Decoder))!;
        dynamic source = Activator.CreateInstance(program.FindType(Source), original)!, change = Activator.CreateInstance(program.FindType(Source), delta)!;
        var file = new List<byte>();
        var block = new byte[BlockBytes];
        Counters counters = program.Measure(() =>
        {
            decoder.Open(source, change);
            while (file.Count < target.Length)
            {
                int count = Math.Min(BlockBytes, target.Length - file.Count);
                if (!decoder.Next(block, count))
                    throw new InvalidOperationException($"The delta ends with {decoder.Error}.");
                file.AddRange(block.AsSpan(0, count));
            }
        });
        if (!file.SequenceEqual(target))
            throw new InvalidOperationException("The delta gives another file.");
        return counters.Instructions;
    }
}
