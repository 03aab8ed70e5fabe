using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Moves transposes behind operators that work in any layout, towards the transposes that undo them.</summary>
public static class TransposeSinking
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
            changed |= TrySink(graph, node);
        return changed;
    }

    private static bool TrySink(ModelGraph graph, Node node)
    {
        if (node.Operator is Transpose || node.Inputs.Count == 0)
            return false;
        if (node.Operator is Binary or Concatenation)
            return TrySinkSeveral(graph, node);
        if (Source(graph, node.Input) is not { Operator: Transpose { Permutation: var permutation } } source)
            return false;
        if (node.Operator is Reshape)
            return ReshapeCommutation.TrySink(graph, node, source);
        (Operator Operator, int[] Permutation)? moved = node.Operator switch
        {
            Unary or Quantize or Dequantize => (node.Operator, permutation),
            Pad pad => (pad with { Before = Permutations.Before(pad.Before, permutation), After = Permutations.Before(pad.After, permutation) }, permutation),
            StridedSlice slice => (new StridedSlice(Permutations.Before(slice.Begin, permutation), Permutations.Before(slice.Strides, permutation)), permutation),
            MirrorPad pad => (pad with { Before = Permutations.Before(pad.Before, permutation), After = Permutations.Before(pad.After, permutation) }, permutation),
            Gather gather => (gather with { Axis = permutation[gather.Axis] }, permutation),
            BroadcastTo when node.Output.Shape.Rank == permutation.Length => (node.Operator, permutation),
            Mean mean => SinkReduction(node, mean.Axes, axes => new Mean(axes), permutation),
            Reduce reduce => SinkReduction(node, reduce.Axes, axes => reduce with { Axes = axes }, permutation),
            Softmax or LogSoftmax or BatchNormalization when permutation[^1] == permutation.Length - 1 => (node.Operator, permutation),
            FullyConnected when permutation[^1] == permutation.Length - 1 && WorksOnLastAxis(node) => (node.Operator, permutation),
            _ => null,
        };
        if (moved is null)
            return false;
        node.Inputs[0] = source.Input;
        node.Operator = moved.Value.Operator;
        AppendTranspose(graph, node, moved.Value.Permutation);
        return true;
    }

    /// <summary>The transpose that computes a tensor, if it keeps the values.</summary>
    private static Node? Source(ModelGraph graph, Tensor tensor) =>
        graph.ProducerOf<Transpose>(tensor) is { } node && GraphEdits.SameValues(node.Input, node.Output) ? node : null;

    private static bool WorksOnLastAxis(Node node) =>
        node.Inputs[1]!.Shape[1] == node.Input.Shape[-1] && node.Output.Shape.Rank == node.Input.Shape.Rank
        && node.Output.Shape.With(-1, 1).Equals(node.Input.Shape.With(-1, 1));

    private static (Operator, int[]) SinkReduction(Node node, int[] reduced, Func<int[], Operator> create, int[] permutation)
    {
        Operator op = create([.. reduced.Select(axis => permutation[axis]).Order()]);
        if (node.Output.Shape.Rank == permutation.Length)
            return (op, permutation);
        int[] kept = [.. permutation.Where((_, axis) => !reduced.Contains(axis))];
        int[] order = [.. kept.Order()];
        return (op, [.. kept.Select(axis => Array.IndexOf(order, axis))]);
    }

    private static bool TrySinkSeveral(ModelGraph graph, Node node)
    {
        Node? source = node.Inputs.Select(input => Source(graph, input!)).FirstOrDefault(producer => producer is not null);
        if (source is not { Operator: Transpose { Permutation: var permutation } } || node.Output.Shape.Rank != permutation.Length)
            return false;
        if (!node.Inputs.TrueForAll(input => CanUndo(graph, input!, permutation, node.Operator is Binary)))
            return false;
        for (int i = 0; i < node.Inputs.Count; i++)
            node.Inputs[i] = Undo(graph, node, node.Inputs[i]!, permutation);
        if (node.Operator is Concatenation concatenation)
            node.Operator = new Concatenation(permutation[concatenation.Axis]);
        AppendTranspose(graph, node, permutation);
        return true;
    }

    private static bool CanUndo(ModelGraph graph, Tensor tensor, int[] permutation, bool broadcasts)
    {
        if (tensor.IsConstant)
            return tensor.Shape.Rank == permutation.Length || broadcasts;
        if (tensor.Shape.Rank != permutation.Length)
            return false;
        return Source(graph, tensor) is { Operator: Transpose other } && other.Permutation.AsSpan().SequenceEqual(permutation)
            || Permutations.KeepsOrder(Permutations.Inverse(permutation), tensor.Shape);
    }

    /// <summary>The tensor whose transpose is the given one.</summary>
    private static Tensor Undo(ModelGraph graph, Node reader, Tensor tensor, int[] permutation)
    {
        int[] inverse = Permutations.Inverse(permutation);
        if (tensor.IsConstant)
        {
            if (tensor.Shape.ElementCount == 1 && tensor.Shape.Rank < permutation.Length)
                return tensor;
            var shape = new Shape([.. Enumerable.Repeat(1, permutation.Length - tensor.Shape.Rank), .. tensor.Shape]);
            return graph.NewConstant(tensor, "_transposed", shape.Permute(inverse), ConstantData.Transpose(tensor.Data!, shape, inverse));
        }
        if (Source(graph, tensor) is { Operator: Transpose other } source && other.Permutation.AsSpan().SequenceEqual(permutation))
            return source.Input;
        Tensor reshaped = graph.NewLike(tensor, "_reshaped", tensor.Shape.Permute(inverse));
        graph.InsertBefore(reader, new Node(reshaped.Name, new Reshape(), [tensor], reshaped));
        return reshaped;
    }

    /// <summary>Gives the node an output before the permutation, and a transpose that computes its old one.</summary>
    internal static void AppendTranspose(ModelGraph graph, Node node, int[] permutation)
    {
        Tensor output = node.Output;
        var shape = new Shape(Permutations.Before([.. output.Shape], permutation));
        Tensor inner = graph.NewLike(output, "_nhwc", shape);
        node.Outputs[0] = inner;
        graph.InsertAfter(node, new Node(output.Name, new Transpose(permutation), [inner], output));
    }
}
