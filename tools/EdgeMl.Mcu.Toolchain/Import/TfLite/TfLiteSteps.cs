using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators of the source model that become several nodes.</summary>
internal static class TfLiteSteps
{
    /// <summary>Adds a node on the way to an operator's output; gives its result, of the operand's type and quantisation.</summary>
    public static Tensor Add(ModelGraph graph, TfLiteNode source, Operator op, Tensor x, Shape shape)
    {
        var result = new Tensor($"{source.Name}/{graph.Nodes.Count}", x.Type, shape, x.Quantization);
        graph.Nodes.Add(new Node(result.Name, op, [x], result));
        return result;
    }

    /// <summary>Gives a result, in the output's order of elements, to one of the operator's outputs.</summary>
    public static void Finish(ModelGraph graph, Tensor result, Tensor output) =>
        graph.Nodes.Add(new Node(output.Name, new Reshape(), [result], output));
}
