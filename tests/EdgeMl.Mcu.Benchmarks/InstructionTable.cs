using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>IL instructions of one inference on the device's own code, per multiply-accumulate of the golden index where it knows the model.</summary>
internal static class InstructionTable
{
    public static void Print(IReadOnlyList<string> models)
    {
        Console.WriteLine($"{"executed IL",-32} {"MACs",12} {"IL",14} {"IL/MAC",7} {"weighted",14} {"weighted/MAC",12} {"arena",9} {"scratch",8}");
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        foreach (string name in models)
        {
            CompiledModel compiled = CompiledModels.Get(name);
            long macs = GoldenIndex.Macs(name) ?? compiled.Program.Layers.Sum(layer => layer.Macs);
            Counters total = ModelMeter.Open(program, compiled.Bytes).Measure().Total;
            Runtime.Model model = Runtime.Model.Load(compiled.Bytes);
            Console.WriteLine($"{name,-32} {macs,12:N0} {total.Instructions,14:N0} {(double)total.Instructions / macs,7:F2} {total.Weighted,14:N0} {total.Weighted / macs,12:F2} {model.ArenaBytes,9:N0} {model.ScratchBytes,8:N0}");
        }
    }
}
