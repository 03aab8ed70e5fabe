using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml bench</c></summary>
internal static class BenchVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal) => new("bench", "Measure and prove on boards what the tests promise: hardware in the loop, or a virtual board.")
    {
        BenchRunVerb.Create(terminal),
        BenchCheckVerb.Create(terminal),
    };

    /// <summary>The bench's file.</summary>
    internal static Argument<string> File() => new("BENCH") { Description = "A bench: a file such as hardware/benches/virtual.json." };
}
