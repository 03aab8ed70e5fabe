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
    private const uint SelfTestSeed = 0x454D4C4D;

    /// <summary>
    /// Optimises a copy of a graph without changing its outputs (<see cref="PassPipeline.Int8"/>), lowers, plans and writes it, and gives the file a self-test
    /// with the outputs of the host's own runtime.
    /// </summary>
    /// <param name="graph">An int8 graph, which stays as it is.</param>
    /// <param name="optimize">Whether to run the lossless passes.</param>
    /// <param name="scratchBytes">Most bytes that kernels may use beside the arena; more lets faster ones run.</param>
    /// <param name="pageBytes">Most bytes of weights that one layer should have, so that the device can read the weights from outside RAM in pages; see <see cref="GraphLowering.Lower"/>.</param>
    /// <exception cref="ToolchainException">The device cannot run the graph; see <see cref="GraphLowering.Lower"/>.</exception>
    public static CompiledModel Compile(ModelGraph graph, bool optimize = true, int scratchBytes = KernelChoice.DefaultScratchBytes, int pageBytes = int.MaxValue)
    {
        if (optimize)
        {
            graph = graph.Copy();
            PassPipeline.Run(graph, PassPipeline.Int8);
        }
        DeviceProgram program = KernelChoice.Choose(GraphLowering.Lower(graph, pageBytes), scratchBytes);
        ArenaPlan plan = ArenaPlanner.Place(program);
        sbyte[] outputs = RunSelfTest(Load(EmlmWriter.Write(program, plan)));
        return new CompiledModel(EmlmWriter.Write(program, plan, (SelfTestSeed, outputs)), program, plan, graph);
    }

    /// <summary>A graph on the host's own runtime, as it is.</summary>
    /// <exception cref="ToolchainException">As <see cref="Compile"/>.</exception>
    internal static Interpreter Instantiate(ModelGraph graph)
    {
        DeviceProgram program = GraphLowering.Lower(graph);
        return Load(EmlmWriter.Write(program, ArenaPlanner.Place(program)));
    }

    private static Interpreter Load(byte[] bytes)
    {
        Error error = Model.TryLoad(bytes, out Model model);
        return error == Error.None ? new Interpreter(model) : throw new ToolchainException(ErrorCodes.NotRunnable, $"A layer needs parameters that the device runtime does not take ({error}).", "Sizes, scales or weights of the model are out of any usual range: check it in the framework that it comes from.");
    }

    private static sbyte[] RunSelfTest(Interpreter interpreter)
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
