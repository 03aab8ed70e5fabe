using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Plan;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>Seconds from a file of the training framework to a device model, warm, with the arena that comes out; quantisation included for the float models.</summary>
internal static class ConversionTable
{
    public static void Print(IReadOnlyList<string> models)
    {
        Console.WriteLine($"{"conversion",-32} {"seconds",9} {"file bytes",12} {"arena",9} {"bound",9} optimal");
        foreach (string name in models)
        {
            CompiledModels.Get(name);
            long start = Stopwatch.GetTimestamp();
            CompiledModel compiled = CompiledModels.Compile(name);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            ArenaPlan arena = compiled.Arena;
            Console.WriteLine($"{name,-32} {seconds,9:F3} {compiled.Bytes.Length,12:N0} {arena.Bytes,9:N0} {arena.LowerBoundBytes,9:N0} {(arena.IsOptimal ? "yes" : "unknown")}");
        }
    }
}
