using EdgeMl.Mcu.Toolchain.Emit.CSharp;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>An assembly of a compiled model.</summary>
/// <param name="Name">Name.</param>
/// <param name="Project">The host's project file, in the output folder.</param>
/// <param name="CodeBytes">Bytes of bytecode, at most.</param>
/// <param name="CodeLimitBytes">What nanoFramework takes.</param>
/// <param name="DataBytes">Bytes of array initialisers.</param>
/// <param name="Files">Number of C# files.</param>
internal sealed record CompiledAssemblyDocument(string Name, string Project, int CodeBytes, int CodeLimitBytes, int DataBytes, int Files);

/// <summary>What <c>edgeml compile</c> reports.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Output">The folder.</param>
/// <param name="Class">The class that loads the model, with its namespace.</param>
/// <param name="Assemblies">Assemblies, the main one first.</param>
/// <param name="RuntimeAssemblies">Names of the runtime's assemblies that it needs on the device.</param>
/// <param name="Layers">Layers in execution order.</param>
/// <param name="Macs">Multiply-accumulates of one inference, weights of 0 included.</param>
/// <param name="Weights">Weights.</param>
/// <param name="WeightsLive">Those that are not 0.</param>
/// <param name="IlInstructions">IL instructions of one inference, predicted.</param>
/// <param name="IlPerMac">IL instructions for each multiply-accumulate; null for a model without.</param>
/// <param name="CodeBytes">Bytes of bytecode of all assemblies, at most.</param>
/// <param name="ModelBytes">Bytes of the model file that the main class holds, which is on the heap.</param>
/// <param name="ArenaBytes">Bytes of activations.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside the arena.</param>
/// <param name="TableBytes">Bytes of tables.</param>
/// <param name="HeapBytes">All of these together.</param>
internal sealed record CompilationDocument(
    string Model, string Output, string Class, IReadOnlyList<CompiledAssemblyDocument> Assemblies, IReadOnlyList<string> RuntimeAssemblies, IReadOnlyList<CompiledLayer> Layers, long Macs, long Weights, long WeightsLive,
    long IlInstructions, double? IlPerMac, int CodeBytes, int ModelBytes, int ArenaBytes, int ScratchBytes, int TableBytes, int HeapBytes)
{
    private const int NanoCodeBytes = ushort.MaxValue;

    /// <summary>The report of a compilation.</summary>
    public static CompilationDocument Of(string model, string folder, CSharpOptions options, CompiledSource source)
    {
        long macs = source.Layers.Sum(layer => layer.Macs);
        long instructions = source.Layers.Sum(layer => layer.IlInstructions);
        return new CompilationDocument(
            model, folder, $"{options.Namespace}.{options.ClassName}",
            [.. source.Assemblies.Select(assembly => new CompiledAssemblyDocument(
                assembly.Name, Path.Join(assembly.Folder, $"{assembly.Name}.csproj").Replace('\\', '/'), assembly.CodeBytes, NanoCodeBytes, assembly.DataBytes, assembly.Sources.Count))],
            source.RuntimeAssemblies, source.Layers, macs, source.Layers.Sum(layer => layer.Weights), source.Layers.Sum(layer => layer.WeightsLive),
            instructions, macs == 0 ? null : Math.Round((double)instructions / macs, 3), source.Assemblies.Sum(assembly => assembly.CodeBytes),
            source.Model.Length, source.ArenaBytes, source.ScratchBytes, source.TableBytes, source.HeapBytes);
    }
}
