using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>An int8 graph on the device runtime: bytes in, bytes out.</summary>
internal sealed class Int8Run
{
    private readonly Interpreter _interpreter;

    public Int8Run(ModelGraph graph, bool optimize)
    {
        CompiledModel compiled = EmlmCompiler.Compile(graph, new EmitOptions { Optimize = optimize });
        Graph = compiled.Graph;
        Assert.Equal(Error.None, Model.TryLoad(compiled.Bytes, out Model model));
        _interpreter = new Interpreter(model);
    }

    /// <summary>The graph that runs.</summary>
    public ModelGraph Graph { get; }

    /// <summary>Number of elements of all inputs.</summary>
    public int InputCount => Enumerable.Range(0, _interpreter.Model.InputCount).Sum(i => _interpreter.Model.Input(i).Count);

    /// <summary>All outputs one after another, for all inputs one after another.</summary>
    public sbyte[] Run(sbyte[] inputs)
    {
        int next = 0;
        for (int i = 0; i < _interpreter.Model.InputCount; i++)
        {
            int count = _interpreter.Model.Input(i).Count;
            _interpreter.SetInput(i, inputs[next..(next + count)]);
            next += count;
        }
        _interpreter.Invoke();
        return [.. Enumerable.Range(0, _interpreter.Model.OutputCount).SelectMany(Output)];
    }

    private sbyte[] Output(int index)
    {
        var values = new sbyte[_interpreter.Model.Output(index).Count];
        _interpreter.GetOutput(index, values);
        return values;
    }
}
