using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Toolchain.Tests.Types;

/// <summary>Layers that remember. The model gives the sum of the last three inputs, between layers that use the arena for other things.</summary>
public sealed class RecurrentTests
{
    private const int Depth = 4;

    private static readonly sbyte[][] Steps = [[1, -2, 3, 4], [10, 20, -30, 40], [-5, 6, 7, 8], [0, 1, 0, -1]];

    private static readonly sbyte[][] Sums = [[1, -2, 3, 4], [11, 18, -27, 44], [6, 24, -20, 52], [5, 27, -23, 47]];

    [Fact]
    public void What_a_layer_remembers_outlives_an_inference_and_nothing_else_overwrites_it()
    {
        var interpreter = new Interpreter(Model.Load(Compile().Bytes));

        Assert.Equal(Sums, Steps.Select(step => Run(interpreter, step)));
    }

    [Fact]
    public void After_a_reset_the_stream_begins_anew()
    {
        var interpreter = new Interpreter(Model.Load(Compile().Bytes));
        Run(interpreter, Steps[3]);
        interpreter.ResetState();

        Assert.Equal(Sums, Steps.Select(step => Run(interpreter, step)));
    }

    [Fact]
    public void A_self_test_begins_and_ends_without_a_memory()
    {
        var interpreter = new Interpreter(Model.Load(Compile().Bytes));
        Run(interpreter, Steps[0]);

        Assert.Equal(Error.None, interpreter.SelfTest());
        Assert.Equal(Sums[0], Run(interpreter, Steps[0]));
    }

    [Fact]
    public void A_new_interpreter_in_a_used_arena_begins_without_a_memory()
    {
        Model model = Model.Load(Compile().Bytes);
        var arena = new sbyte[model.ArenaBytes];
        Array.Fill(arena, (sbyte)77);

        Assert.Equal(Sums[0], Run(new Interpreter(model, arena), Steps[0]));
    }

    [Fact]
    public void The_arenas_lower_bound_counts_the_memory_in_every_step()
    {
        CompiledModel compiled = Compile();
        int memory = 2 * 3 * Depth;
        int wide = 3 * Depth;

        Assert.Equal(memory + wide + Depth, compiled.Arena.LowerBoundBytes);
        Assert.InRange(DeviceArena.LowerBoundBytes(Model.Load(compiled.Bytes), compiled.Bytes), memory + wide, compiled.Arena.LowerBoundBytes);
    }

    [Fact]
    public void Samples_are_streams_of_their_own_unless_the_runner_carries_the_state()
    {
        Model model = Model.Load(Compile().Bytes);
        var apart = new DeviceModelRunner(model, "apart");
        var stream = new DeviceModelRunner(model, "stream") { CarriesState = true };

        Assert.Equal(Steps.SelectMany(step => step), RunAll(apart));
        Assert.Equal(Sums.SelectMany(sum => sum), RunAll(stream));
    }

    private static sbyte[] RunAll(DeviceModelRunner runner) =>
        (sbyte[])runner.RunAll([new SampleSet(runner.Inputs[0], Steps.SelectMany(step => step).ToArray())])[0].Values;

    private static sbyte[] Run(Interpreter interpreter, sbyte[] input)
    {
        var output = new sbyte[Depth];
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        interpreter.GetOutput(0, output);
        return output;
    }

    private static CompiledModel Compile()
    {
        Quantization unit = new(1, 0);
        Tensor Activation(string name, params int[] shape) => new(name, ElementType.Int8, new Shape(shape), unit);
        var graph = new ModelGraph { Name = "sums" };
        Tensor[] tensors = [Activation("x", 1, Depth), Activation("wide", 1, 3 * Depth), Activation("narrow", 1, Depth), Activation("sum", 1, Depth), Activation("more", 1, 3 * Depth), Activation("y", 1, Depth)];
        var identity = new sbyte[Depth * Depth];
        for (int i = 0; i < Depth; i++)
            identity[i * (Depth + 1)] = 1;
        var features = new Tensor("features", ElementType.Int8, new Shape(Depth, Depth), unit, identity);
        var time = new Tensor("time", ElementType.Int16, new Shape(Depth, 3), unit, Enumerable.Repeat((short)1, 3 * Depth).ToArray());
        graph.Inputs.Add(new GraphPort(tensors[0]));
        graph.Nodes.Add(new Node("repeat", new Concatenation(1), [tensors[0], tensors[0], tensors[0]], tensors[1]));
        graph.Nodes.Add(new Node("take", new StridedSlice([0, Depth], [1, 1]), [tensors[1]], tensors[2]));
        graph.Nodes.Add(new Node("filter", new Svdf(1, unit), [tensors[2], features, time, null], tensors[3]));
        graph.Nodes.Add(new Node("repeat again", new Concatenation(1), [tensors[3], tensors[3], tensors[3]], tensors[4]));
        graph.Nodes.Add(new Node("take again", new StridedSlice([0, Depth], [1, 1]), [tensors[4]], tensors[5]));
        graph.Outputs.Add(new GraphPort(tensors[5]));
        return EmlmCompiler.Compile(graph);
    }
}
