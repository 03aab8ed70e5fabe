using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
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
/// <param name="PackedWeightBytes">Bytes of weights that the device packs when it loads the model.</param>
/// <param name="ResidentBytes">Bytes of the file that a device holds in RAM when it reads the weights in pages.</param>
/// <param name="PageBytes">Bytes of its page then.</param>
/// <param name="Macs">Multiplications with a weight in the int8 model before the lossless passes.</param>
/// <param name="MacsLive">Those that remain.</param>
/// <param name="Weights">Elements of weight tensors before the lossless passes.</param>
/// <param name="WeightsLive">Those that remain.</param>
internal sealed record DeviceModelSummary(
    string Model, string Output, long SourceBytes, long FileBytes, int ArenaBytes, int ArenaLowerBoundBytes, int ScratchBytes, int PackedWeightBytes, int ResidentBytes, int PageBytes,
    long Macs, long MacsLive, long Weights, long WeightsLive)
{
    /// <summary>The summary of a conversion.</summary>
    /// <param name="source">The file that was converted.</param>
    /// <param name="graph">The int8 graph before the lossless passes.</param>
    /// <param name="compiled">The device model.</param>
    /// <param name="path">The file that was written.</param>
    public static DeviceModelSummary Of(ModelFile source, ModelGraph graph, CompiledModel compiled, string path)
    {
        byte[] bytes = compiled.Bytes;
        Model model = DeviceModelFile.Parse(bytes, path);
        LayerCost whole = LayerCost.Of(graph);
        PagedSize paged = PagedSize.Of(bytes);
        LayerCost live = LayerCost.Of(compiled.Graph);
        return new(
            source.Name, path, source.Content.Length, bytes.Length, model.ArenaBytes, DeviceArena.LowerBoundBytes(model, bytes), model.ScratchBytes, model.PackedBytes, paged.ResidentBytes, paged.PageBytes,
            whole.Macs, live.Macs, whole.Weights, live.Weights);
    }

    /// <summary>Prints the summary.</summary>
    public void Print(Terminal terminal)
    {
        terminal.Output.WriteLine($"{Output}: {FileBytes:N0} bytes, {100.0 * FileBytes / SourceBytes:F0} % of {SourceBytes:N0}");
        terminal.Output.WriteLine(ArenaText(ArenaBytes, ArenaLowerBoundBytes, ScratchBytes));
        if (PackedWeightBytes > 0)
            terminal.Output.WriteLine($"packed weights {PackedWeightBytes:N0} bytes, built when the device loads the model");
        terminal.Output.WriteLine($"RAM {FileBytes + ArenaBytes + ScratchBytes + PackedWeightBytes:N0} bytes with the file in RAM, {ResidentBytes + PageBytes + ArenaBytes + ScratchBytes + PackedWeightBytes:N0} with weights in pages of {PageBytes:N0}");
        if (WeightsLive < Weights)
        {
            terminal.Output.WriteLine(
                $"removed {Weights - WeightsLive:N0} of {Weights:N0} weights and {Macs - MacsLive:N0} of {Macs:N0} MACs, which cannot influence the outputs");
        }
    }

    /// <summary><c>arena 16,000 bytes (lower bound 16,000), scratch 0 bytes</c></summary>
    public static string ArenaText(int arena, int lowerBound, int scratch) => $"arena {arena:N0} bytes (lower bound {lowerBound:N0}), scratch {scratch:N0} bytes";
}
