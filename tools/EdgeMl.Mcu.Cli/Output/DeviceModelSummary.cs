using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What a verb that writes a device model tells about it.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Output">The file that was written.</param>
/// <param name="SourceBytes">Size of the source model's file.</param>
/// <param name="FileBytes">Size of the device model's file.</param>
/// <param name="ArenaBytes">Bytes of activations.</param>
/// <param name="ArenaLowerBoundBytes">Least that any placement needs.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside the arena.</param>
internal sealed record DeviceModelSummary(string Model, string Output, long SourceBytes, long FileBytes, int ArenaBytes, int ArenaLowerBoundBytes, int ScratchBytes)
{
    /// <summary>The summary of a conversion.</summary>
    public static DeviceModelSummary Of(ModelFile source, byte[] compiled, string path)
    {
        Model model = DeviceModelFile.Parse(compiled, path);
        return new(source.Name, path, source.Content.Length, compiled.Length, model.ArenaBytes, DeviceArena.LowerBoundBytes(model, compiled), model.ScratchBytes);
    }

    /// <summary>Prints the summary.</summary>
    public void Print(Terminal terminal)
    {
        terminal.Output.WriteLine($"{Output}: {FileBytes:N0} bytes, {100.0 * FileBytes / SourceBytes:F0} % of {SourceBytes:N0}");
        terminal.Output.WriteLine(ArenaText(ArenaBytes, ArenaLowerBoundBytes, ScratchBytes));
    }

    /// <summary><c>arena 16,000 bytes (lower bound 16,000), scratch 0 bytes</c></summary>
    public static string ArenaText(int arena, int lowerBound, int scratch) => $"arena {arena:N0} bytes (lower bound {lowerBound:N0}), scratch {scratch:N0} bytes";
}
