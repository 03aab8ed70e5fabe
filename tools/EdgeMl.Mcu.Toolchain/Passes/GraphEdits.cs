using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Edits that passes share. All keep the nodes in execution order.</summary>
internal static class GraphEdits
{
    /// <summary>Whether a node works on reals only, so that its arithmetic may be rearranged within rounding.</summary>
    public static bool IsFloat(Node node) =>
        node.Outputs.Concat(node.Inputs.OfType<Tensor>()).All(tensor => tensor.Type == ElementType.Float32);

    /// <summary>The node that computes a tensor, if its operator is of a kind.</summary>
    public static Node? ProducerOf<TOperator>(this ModelGraph graph, Tensor tensor)
        where TOperator : Operator => tensor.IsConstant ? null : graph.Producer(tensor) is { Operator: TOperator } node ? node : null;

    /// <summary>The only reader of a tensor that is not an output; null where there are none or several.</summary>
    public static Node? OnlyConsumer(this ModelGraph graph, Tensor tensor)
    {
        Node? only = null;
        foreach (Node node in graph.Nodes)
        {
            int uses = node.Inputs.Count(input => input == tensor);
            if (uses > 1 || uses == 1 && only is not null)
                return null;
            if (uses == 1)
                only = node;
        }
        return graph.IsOutput(tensor) ? null : only;
    }

    /// <summary>Whether a tensor is one of the graph's inputs.</summary>
    public static bool IsInput(this ModelGraph graph, Tensor tensor) => graph.Inputs.Exists(input => input.Tensor == tensor);

    /// <summary>Inserts a node before another one.</summary>
    public static void InsertBefore(this ModelGraph graph, Node position, Node node) => graph.Nodes.Insert(graph.Nodes.IndexOf(position), node);

    /// <summary>Inserts a node after another one.</summary>
    public static void InsertAfter(this ModelGraph graph, Node position, Node node) => graph.Nodes.Insert(graph.Nodes.IndexOf(position) + 1, node);

    /// <summary>An activation of the type and quantisation of another one, with a name of its own.</summary>
    public static Tensor NewLike(this ModelGraph graph, Tensor tensor, string suffix, Shape shape) =>
        new(graph.UniqueName(tensor.Name + suffix), tensor.Type, shape, tensor.Quantization);

    /// <summary>A constant like another one, with other elements and a name of its own.</summary>
    public static Tensor NewConstant(this ModelGraph graph, Tensor like, string suffix, Shape shape, Array data) =>
        new(graph.UniqueName(like.Name + suffix), like.Type, shape, like.Quantization, data);

    /// <summary>A name that no tensor of the graph has.</summary>
    public static string UniqueName(this ModelGraph graph, string name)
    {
        var names = graph.Tensors().Select(tensor => tensor.Name).ToHashSet();
        string result = name;
        for (int i = 1; names.Contains(result); i++)
            result = $"{name}_{i}";
        return result;
    }

    /// <summary>
    /// Takes out a node whose output equals its input. An output of the graph keeps its tensor, so that it keeps its name.
    /// </summary>
    /// <returns>False where nothing else could compute the graph's output.</returns>
    public static bool TryBypass(this ModelGraph graph, Node node)
    {
        Tensor from = node.Input;
        Tensor to = node.Output;
        if (graph.IsOutput(to))
        {
            if (from.IsConstant || graph.IsOutput(from) || graph.Producer(from) is not { } producer)
                return false;
            graph.Nodes.Remove(node);
            graph.ReplaceUses(from, to);
            producer.Outputs[producer.Outputs.IndexOf(from)] = to;
            return true;
        }
        graph.Nodes.Remove(node);
        graph.ReplaceUses(to, from);
        return true;
    }

    /// <summary>Lets a node write the output of the node that follows it, and takes that one out.</summary>
    public static void AbsorbFollowing(this ModelGraph graph, Node node, Node following)
    {
        graph.Nodes.Remove(following);
        node.Outputs[0] = following.Output;
    }

    /// <summary>Whether two tensors hold values of the same meaning: one type, one quantisation.</summary>
    public static bool SameValues(Tensor a, Tensor b) =>
        a.Type == b.Type && (a.Quantization is null ? b.Quantization is null : a.Quantization.SameAs(b.Quantization));
}
