using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Removes a transpose before or after a fully connected layer, with only reshapes between them, by reordering the layer's weights.</summary>
public static class TransposeFolding
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is FullyConnected)
                changed |= TryFoldBefore(graph, node);
            else if (node.Operator is Transpose)
                changed |= TryFoldAfter(graph, node);
        }
        return changed;
    }

    // x → transpose → reshape → fully connected: reorders the columns of the weights.
    private static bool TryFoldBefore(ModelGraph graph, Node layer)
    {
        Node? reshape = graph.ProducerOf<Reshape>(layer.Input);
        Node? transpose = graph.ProducerOf<Transpose>(reshape?.Input ?? layer.Input);
        if (transpose is null || layer.Inputs[1] is not { IsConstant: true } weights || !KeepValues(reshape, transpose))
            return false;
        int[] permutation = ((Transpose)transpose.Operator).Permutation;
        Shape transposed = transpose.Output.Shape;
        if (FirstInnerAxis(transposed, permutation, weights.Shape[1]) is not { } first)
            return false;

        int[] inverse = Permutations.Inverse(permutation);
        var view = new Shape([weights.Shape[0], .. transposed.Skip(first)]);
        int[] order = [0, .. inverse.Skip(first).Select(axis => axis - first + 1)];
        layer.Inputs[1] = graph.NewConstant(weights, "_reordered", weights.Shape, ConstantData.Transpose(weights.Data!, view, order));
        Tensor flat = graph.NewLike(transpose.Input, "_flat", layer.Input.Shape);
        graph.InsertBefore(layer, new Node(flat.Name, new Reshape(), [transpose.Input], flat));
        layer.Inputs[0] = flat;
        return true;
    }

    // fully connected → elementwise → reshape → transpose: reorders the rows of the weights.
    private static bool TryFoldAfter(ModelGraph graph, Node transpose)
    {
        if (LayerBefore(graph, transpose) is not { } layer || layer.Inputs[1] is not { IsConstant: true } weights
            || layer.InputOrNull(2) is { IsConstant: false })
        {
            return false;
        }
        int[] permutation = ((Transpose)transpose.Operator).Permutation;
        Shape shape = transpose.Input.Shape;
        if (FirstInnerAxis(shape, permutation, weights.Shape[0]) is not { } first)
            return false;

        int[] order = [.. permutation.Skip(first).Select(axis => axis - first)];
        var rows = new Shape([.. shape.Skip(first)]);
        var view = new Shape([.. rows, weights.Shape[1]]);
        layer.Inputs[1] = graph.NewConstant(weights, "_reordered", weights.Shape, ConstantData.Transpose(weights.Data!, view, [.. order, rows.Rank]));
        if (layer.InputOrNull(2) is { } bias)
            layer.Inputs[2] = graph.NewConstant(bias, "_reordered", bias.Shape, ConstantData.Transpose(bias.Data!, rows, order));
        transpose.Operator = new Reshape();
        return true;
    }

    /// <summary>The float layer whose outputs reach the transpose, and nothing else, through elementwise operators and reshapes.</summary>
    private static Node? LayerBefore(ModelGraph graph, Node transpose)
    {
        for (Node reader = transpose; GraphEdits.IsFloat(reader) && graph.OnlyConsumer(reader.Input) == reader;)
        {
            if (graph.Producer(reader.Input) is not { } producer || producer.Operator is not (Unary or Reshape or FullyConnected))
                return null;
            if (producer.Operator is FullyConnected)
                return GraphEdits.IsFloat(producer) ? producer : null;
            reader = producer;
        }
        return null;
    }

    private static bool KeepValues(Node? reshape, Node transpose) =>
        GraphEdits.SameValues(transpose.Input, transpose.Output) && (reshape is null || GraphEdits.SameValues(reshape.Input, reshape.Output));

    /// <summary>
    /// The first of the axes that together are the layer's inputs or outputs, if the transpose leaves those before it where they are;
    /// null where there is no such axis.
    /// </summary>
    private static int? FirstInnerAxis(Shape shape, int[] permutation, int count)
    {
        for (int first = 0; first < shape.Rank; first++)
        {
            if (new Shape([.. shape.Skip(first)]).ElementCount == count)
                return first;
            if (permutation[first] != first)
                return null;
        }
        return null;
    }
}
