using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>One int8 node on the device runtime, whose arithmetic is thereby written once.</summary>
internal sealed class NodeExecution
{
    private readonly Interpreter _interpreter;

    private NodeExecution(Interpreter interpreter) => _interpreter = interpreter;

    /// <summary>Prepares a node; null where the device has no kernel for it.</summary>
    /// <param name="node">The node; its constant inputs stay what they are.</param>
    /// <param name="shape">Shape that takes the place of its activations' own ones, or null for those.</param>
    public static NodeExecution? TryCreate(Node node, Shape? shape = null)
    {
        var graph = new ModelGraph { Name = node.Name };
        var inputs = new List<Tensor?>();
        foreach (Tensor? input in node.Inputs)
        {
            bool isActivation = input is { IsConstant: false };
            Tensor? own = isActivation ? new Tensor($"input_{inputs.Count}", input!.Type, shape ?? input.Shape, input.Quantization) : input;
            inputs.Add(own);
            if (isActivation)
                graph.Inputs.Add(new GraphPort(own!));
        }
        var output = new Tensor("output", node.Output.Type, shape ?? node.Output.Shape, node.Output.Quantization);
        graph.Outputs.Add(new GraphPort(output));
        graph.Nodes.Add(new Node(node.Name, node.Operator, inputs, output));
        try
        {
            return new NodeExecution(EmlmCompiler.Instantiate(graph));
        }
        catch (ToolchainException)
        {
            return null;
        }
    }

    /// <summary>Runs the node.</summary>
    /// <param name="inputs">Elements of each activation that it reads.</param>
    public sbyte[] Run(params sbyte[][] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            _interpreter.SetInput(i, inputs[i]);
        _interpreter.Invoke();
        var output = new sbyte[_interpreter.Model.Output(0).Count];
        _interpreter.GetOutput(0, output);
        return output;
    }
}
