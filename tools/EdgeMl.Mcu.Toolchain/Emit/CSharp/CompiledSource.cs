namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>How a model becomes C#.</summary>
/// <param name="Namespace">Namespace of all classes.</param>
/// <param name="ClassName">Name of the class that loads the model; all other names begin with it.</param>
/// <param name="Command">The command that makes the files anew, for their headers.</param>
public sealed record CSharpOptions(string Namespace, string ClassName, string Command)
{
    /// <summary>How layers that stay with the runtime's kernels are chosen.</summary>
    public EmitOptions Emit { get; init; } = new();
}

/// <summary>A file to write.</summary>
/// <param name="Path">Path in the output folder, with <c>/</c> between its parts.</param>
/// <param name="Text">Its content.</param>
public sealed record SourceFile(string Path, string Text);

/// <summary>An assembly to build.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Its folder in the output folder; empty for the main assembly.</param>
/// <param name="Sources">Its C# files.</param>
/// <param name="CodeBytes">Bytes of bytecode, at most; nanoFramework takes 65,535.</param>
/// <param name="DataBytes">Bytes of array initialisers; nanoFramework takes about 65,000.</param>
public sealed record SourceAssembly(string Name, string Folder, IReadOnlyList<SourceFile> Sources, int CodeBytes, int DataBytes);

/// <summary>What became of a layer.</summary>
/// <param name="Name">Name in the source model.</param>
/// <param name="Operator">What it does.</param>
/// <param name="Variant">The generator (<c>positions</c>, <c>outputs</c>, <c>depthwise</c>, <c>trees</c>), or <c>runtime</c> where a kernel of the runtime runs it.</param>
/// <param name="Macs">Multiply-accumulates of one inference, padding and zero weights included.</param>
/// <param name="Weights">Weights.</param>
/// <param name="WeightsLive">Those that are not 0.</param>
/// <param name="IlInstructions">IL instructions of one inference, predicted.</param>
/// <param name="CodeBytes">Bytes of bytecode, at most.</param>
public sealed record CompiledLayer(string Name, string Operator, string Variant, long Macs, long Weights, long WeightsLive, long IlInstructions, int CodeBytes);

/// <summary>A model as C#.</summary>
/// <param name="Assemblies">The assemblies; the first is the main one, which refers to all others.</param>
/// <param name="RuntimeAssemblies">Names of the device assemblies that layers without code need; see <see cref="Inspect.KernelAssemblies"/>.</param>
/// <param name="Projects">Project files that build them.</param>
/// <param name="Layers">Layers in execution order.</param>
/// <param name="Model">The model file that the main class holds: what is not code.</param>
/// <param name="ArenaBytes">Bytes of activations on the device.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside the arena.</param>
/// <param name="TableBytes">Bytes of tables that all interpreters of a loaded model share.</param>
public sealed record CompiledSource(
    IReadOnlyList<SourceAssembly> Assemblies, IReadOnlyList<string> RuntimeAssemblies, IReadOnlyList<SourceFile> Projects, IReadOnlyList<CompiledLayer> Layers, byte[] Model, int ArenaBytes, int ScratchBytes, int TableBytes)
{
    /// <summary>Bytes on the device's heap while the model runs: model file, arena, scratch and tables.</summary>
    public int HeapBytes => Model.Length + ArenaBytes + ScratchBytes + TableBytes;

    /// <summary>All files.</summary>
    public IEnumerable<SourceFile> Files => Assemblies.SelectMany(assembly => assembly.Sources).Concat(Projects);
}
