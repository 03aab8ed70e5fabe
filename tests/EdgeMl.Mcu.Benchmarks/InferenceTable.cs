using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Host;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Milliseconds per inference on the host: with vector instructions, and with the device's own scalar kernels.</summary>
internal static class InferenceTable
{
    public static void Print(IReadOnlyList<string> models)
    {
        Console.WriteLine($"{"inference",-32} {"MACs",12} {"ms",9} {"GMAC/s",8} {"scalar ms",10} {"ratio",7}");
        foreach (string name in models)
        {
            CompiledModel compiled = CompiledModels.Get(name);
            long macs = compiled.Program.Layers.Sum(layer => layer.Macs);
            double vector = Measure(compiled, accelerated: true);
            double scalar = Measure(compiled, accelerated: false);
            Console.WriteLine($"{name,-32} {macs,12:N0} {vector,9:F4} {macs / vector / 1e6,8:F2} {scalar,10:F4} {scalar / vector,6:F1}x");
        }
    }

    private static double Measure(CompiledModel compiled, bool accelerated)
    {
        HostAcceleration.Enabled = accelerated;
        var interpreter = new Interpreter(Model.Load(compiled.Bytes));
        var random = new Random(1);
        for (int i = 0; i < interpreter.Model.InputCount; i++)
            interpreter.SetInput(i, Array.ConvertAll(new sbyte[interpreter.Model.Input(i).Count], _ => (sbyte)random.Next(-128, 128)));
        double milliseconds = Stopwatches.Milliseconds(interpreter.Invoke);
        HostAcceleration.Enabled = true;
        return milliseconds;
    }
}
