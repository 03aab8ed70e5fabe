using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Plan;
using EdgeMl.Mcu.Toolchain.Plan.Variants;

namespace EdgeMl.Mcu.Toolchain.Emit;

/// <summary>A model file and what was planned for it.</summary>
/// <param name="Bytes">The <c>.emlm</c> file.</param>
/// <param name="Program">The device's steps, with all buffers placed.</param>
/// <param name="Arena">Size of the arena and its lower bound.</param>
/// <param name="Graph">The graph after the lossless passes.</param>
public sealed record CompiledModel(byte[] Bytes, DeviceProgram Program, ArenaPlan Arena, ModelGraph Graph);

/// <summary>From an int8 graph to an <c>.emlm</c> file.</summary>
public static class EmlmCompiler
{
    internal const uint SelfTestSeed = 0x454D4C4D;

    /// <summary>
    /// Optimises a copy of a graph without changing its outputs (<see cref="PassPipeline.Int8"/>), lowers, plans and writes it, and gives the file a self-test
    /// with the outputs of the host's own runtime.
    /// </summary>
    /// <param name="graph">An int8 graph, which stays as it is.</param>
    /// <param name="options">How, by default with all passes and the default scratch.</param>
    /// <exception cref="ToolchainException">The device cannot run the graph; see <see cref="GraphLowering.Lower"/>. <see cref="ErrorCodes.DoesNotFit"/>: a layer that is not cut has more weights than a page.</exception>
    public static CompiledModel Compile(ModelGraph graph, EmitOptions? options = null)
    {
        options ??= new EmitOptions();
        DeviceProgram program = Lower(graph, options, out graph);
        program = options.Adapt?.Invoke(program) ?? program;
        if (!options.PlainKernels)
            program = KernelChoice.Choose(program, options.ScratchBytes, options.PackedWeightBytes);
        RequirePages(program, options.PageBytes);
        ArenaPlan plan = ArenaPlanner.Place(program);
        sbyte[] outputs = RunSelfTest(Load(EmlmWriter.Write(program, plan)));
        return new CompiledModel(EmlmWriter.Write(program, plan, (SelfTestSeed, outputs)), program, plan, graph);
    }

    /// <summary>The steps of a graph, before kernels are chosen.</summary>
    /// <param name="graph">An int8 graph, which stays as it is.</param>
    /// <param name="options">How.</param>
    /// <param name="optimized">The graph after the lossless passes.</param>
    internal static DeviceProgram Lower(ModelGraph graph, EmitOptions options, out ModelGraph optimized)
    {
        optimized = graph;
        if (options.Optimize)
        {
            optimized = graph.Copy();
            PassPipeline.Run(optimized, PassPipeline.Int8);
        }
        return GraphLowering.Lower(optimized, options.PageBytes);
    }

    /// <summary>A graph on the host's own runtime, as it is.</summary>
    /// <exception cref="ToolchainException">As <see cref="Compile"/>.</exception>
    internal static Interpreter Instantiate(ModelGraph graph)
    {
        DeviceProgram program = GraphLowering.Lower(graph);
        return Load(EmlmWriter.Write(program, ArenaPlanner.Place(program)));
    }

    private static void RequirePages(DeviceProgram program, int pageBytes)
    {
        DeviceLayer? largest = program.Layers.MaxBy(layer => layer.Weights.Length);
        if (largest is not null && largest.Weights.Length > pageBytes)
        {
            throw new ToolchainException(ErrorCodes.DoesNotFit, $"{program.Name}: '{largest.ShortName}' has {largest.Weights.Length} bytes of weights, more than a page of {pageBytes}.",
                $"Only fully connected layers of one row are cut, down to one output channel: give a page of {largest.Weights.Length} bytes or more.");
        }
    }

    /// <summary>A model file on the host's own runtime.</summary>
    internal static Interpreter Load(byte[] bytes)
    {
        Error error = Model.TryLoad(bytes, out Model model);
        return error == Error.None ? new Interpreter(model) : throw new ToolchainException(ErrorCodes.NotRunnable, $"A layer needs parameters that the device runtime does not take ({error}).", "Sizes, scales or weights of the model are out of any usual range: check it in the framework that it comes from.");
    }

    /// <summary>The outputs for the self-test's inputs.</summary>
    internal static sbyte[] RunSelfTest(Interpreter interpreter)
    {
        Model model = interpreter.Model;
        uint seed = SelfTestSeed;
        for (int i = 0; i < model.InputCount; i++)
            seed = SelfTestVector.Fill(interpreter.Arena, model.Input(i).ArenaOffset, model.Input(i).ByteCount, seed);
        interpreter.Invoke();
        var outputs = new List<sbyte>();
        for (int i = 0; i < model.OutputCount; i++)
            outputs.AddRange(interpreter.Arena.AsSpan(model.Output(i).ArenaOffset, model.Output(i).ByteCount));
        return [.. outputs];
    }
}
