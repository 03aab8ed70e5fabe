using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Emit.CSharp.Trees;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;
using DeviceLayer = EdgeMl.Mcu.Toolchain.Plan.DeviceLayer;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>
/// From an int8 model to C#: linear layers become methods that hold their weights as constants, all other layers run on the runtime's kernels. The result is a
/// model like any other for <see cref="Runtime.Interpreter"/>, with the same outputs, bit for bit.
/// </summary>
public static class CSharpCompiler
{
    private static readonly LayerGenerator[] Generators = [PositionLanes.Create, OutputLanes.Create, DepthwiseLanes.Create];

    /// <summary>Compiles an int8 graph, which stays as it is.</summary>
    /// <exception cref="ToolchainException">As <see cref="EmlmCompiler.Compile"/>.</exception>
    public static CompiledSource Compile(ModelGraph graph, CSharpOptions options)
    {
        DeviceProgram lowered = EmlmCompiler.Lower(graph, options.Emit, out _);
        return Compile(lowered, options);
    }

    /// <summary>Compiles a device model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The bytes that it was loaded from.</param>
    /// <param name="options">Names.</param>
    public static CompiledSource Compile(Model model, byte[] file, CSharpOptions options)
    {
        DeviceProgram program = EmlmReader.Read(model, file);
        var arena = new ArenaPlan(model.ArenaBytes, DeviceArena.LowerBoundBytes(model, file), IsOptimal: false);
        GeneratedLayer?[] code = Generate(program.Layers, program.Layers, options, []);
        DeviceLayer[] kept = [.. program.Layers.Where((_, i) => code[i] is null)];
        (int lanes, int strip) = EmlmReader.LeastScratch(program with { Layers = kept }, arena, model.LaneBytes / 8, model.StripBytes);
        program = program with { Layers = [.. program.Layers.Select(layer => layer with { Lanes = lanes, StripBytes = strip })] };
        return Package(program.Layers, program, code, _ => arena, EmlmCompiler.RunSelfTest(new Interpreter(model)), options);
    }

    /// <summary>Compiles a lowered program.</summary>
    /// <param name="lowered">The program.</param>
    /// <param name="options">Names.</param>
    /// <param name="generators">Generators of linear layers to choose from; all of them by default.</param>
    internal static CompiledSource Compile(DeviceProgram lowered, CSharpOptions options, params LayerGenerator[] generators)
    {
        DeviceProgram program = KernelChoice.Choose(lowered, options.Emit.ScratchBytes);
        sbyte[] outputs = EmlmCompiler.RunSelfTest(EmlmCompiler.Load(EmlmWriter.Write(program, ArenaPlanner.Place(program))));
        return Package(lowered.Layers, program, Generate(lowered.Layers, program.Layers, options, generators), ArenaPlanner.Place, outputs, options);
    }

    /// <summary>The code of each layer, or null where the runtime's kernel stays.</summary>
    /// <param name="lowered">The layers before kernels were chosen.</param>
    /// <param name="chosen">The layers with the kernels that would run otherwise.</param>
    /// <param name="options">Names.</param>
    /// <param name="generators">Generators of linear layers; none for all of them.</param>
    private static GeneratedLayer?[] Generate(IReadOnlyList<DeviceLayer> lowered, IReadOnlyList<DeviceLayer> chosen, CSharpOptions options, LayerGenerator[] generators)
    {
        if (generators.Length == 0)
            generators = Generators;
        WindowedLayer?[] windowed = [.. lowered.Select(WindowedLayer.From)];
        var tables = new SaturationTables(windowed.OfType<WindowedLayer>());
        var code = new GeneratedLayer?[lowered.Count];
        for (int i = 0; i < code.Length; i++)
        {
            string name = $"{options.ClassName}Layer{code.Count(layer => layer is not null)}";
            GeneratedLayer? best = windowed[i] is { } window
                ? generators.Select(generator => generator(window, name, tables.Find(window.Low, window.High))).OfType<GeneratedLayer>().MinBy(layer => layer.Instructions)
                : Trees(lowered[i], name);
            if (best is not null && (windowed[i] is null || best.Instructions < chosen[i].PredictedIl))
                code[i] = best;
        }
        return code;
    }

    private static GeneratedLayer? Trees(DeviceLayer layer, string name) => TreeKernelWriter.Write(layer, name) is not { } source ? null
        : new GeneratedLayer("trees", [.. source.Methods.Select(method => new GeneratedClass(method.Name, method.Text, method.Bytes))], source.Instructions)
        {
            Kernel = new GeneratedClass(source.Kernel.Name, source.Kernel.Text, source.Kernel.Bytes),
            ParameterCount = source.ParameterCount,
            Lanes = source.Lanes,
        };

    private static CompiledSource Package(IReadOnlyList<DeviceLayer> lowered, DeviceProgram program, GeneratedLayer?[] code, Func<DeviceProgram, ArenaPlan> place, sbyte[] outputs, CSharpOptions options)
    {
        GeneratedLayer[] generated = [.. code.OfType<GeneratedLayer>()];
        DeviceLayer[] layers = [.. program.Layers.Select((layer, i) => code[i] is { } own ? Replace(layer, own, Array.IndexOf(generated, own)) : layer)];
        DeviceProgram compiled = program with { Layers = layers };
        ArenaPlan arena = place(compiled);
        byte[] model = EmlmWriter.Write(compiled, arena, (EmlmCompiler.SelfTestSeed, outputs));
        IReadOnlyList<string> kernels = KernelAssemblies.NeededBy(layers.Select(layer => layer.Kernel));
        IReadOnlyList<SourceAssembly> assemblies = SourcePackager.Pack(model, compiled, generated, kernels, options);
        int scratch = (8 * layers.Select(layer => layer.Lanes).DefaultIfEmpty().Max()) + layers.Select(layer => layer.StripBytes).DefaultIfEmpty().Max();
        int tables = generated.Select(layer => layer.Table).OfType<SaturationTable>().Distinct().Sum(table => table.Count);
        return new CompiledSource(assemblies, kernels, ProjectFiles.For(assemblies, kernels, options), [.. layers.Select((layer, i) => Report(layer, WindowedLayer.From(lowered[i]), code[i]))], model, arena.Bytes, scratch, tables);
    }

    private static CompiledLayer Report(DeviceLayer layer, WindowedLayer? window, GeneratedLayer? code)
    {
        long live = window?.Channels.Sum(channel => (long)channel.Taps.Count) ?? layer.WeightCount;
        return new CompiledLayer(layer.ShortName, layer.Operator, code?.Variant ?? "runtime", layer.Macs, layer.WeightCount, live, layer.PredictedIl, code?.Bytes ?? 0);
    }

    /// <summary>The layer with a generated kernel. The arena offsets that it keeps have the same parameters.</summary>
    private static DeviceLayer Replace(DeviceLayer layer, GeneratedLayer code, int index) => layer with
    {
        Kernel = (OpCode)(ModelFormat.FirstCompiledOpCode + index),
        Parameters = layer.Parameters[..code.ParameterCount],
        Weights = code.Weights,
        Lanes = code.Lanes,
        StripBytes = code.StripBytes,
        PredictedIl = code.Instructions,
    };
}
