using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Gives an input the layout that the first transposes behind it ask for, with the inverse transpose after it, which other passes then remove;
/// takes a reshape behind such an input into the port.
/// </summary>
public static class InputLayouts
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        for (int i = 0; i < graph.Inputs.Count; i++)
            changed |= TrySeed(graph, i) || TryAbsorbReshape(graph, i);
        return changed;
    }

    private static bool TrySeed(ModelGraph graph, int index)
    {
        GraphPort port = graph.Inputs[index];
        Tensor source = port.Tensor;
        if (port.IsPermuted || !port.SourceShape.Equals(source.Shape) || graph.IsOutput(source) || WantedLayout(graph, source) is not { } permutation)
            return false;
        var tensor = new Tensor(source.Name, source.Type, source.Shape.Permute(permutation), source.Quantization);
        source.Name = graph.UniqueName(source.Name + "_source");
        graph.Inputs[index] = new GraphPort(tensor, port.SourceShape, permutation);
        graph.Nodes.Insert(0, new Node(tensor.Name, new Transpose(Permutations.Inverse(permutation)), [tensor], source));
        return true;
    }

    /// <summary>The permutation of the nearest transpose that the input reaches through operators that work in any layout; null where there is none.</summary>
    private static int[]? WantedLayout(ModelGraph graph, Tensor input)
    {
        var reached = new HashSet<Tensor> { input };
        foreach (Node node in graph.Nodes)
        {
            if (!node.Inputs.Exists(tensor => tensor is not null && reached.Contains(tensor)) || !node.Outputs.Exists(output => IsUsed(graph, output)))
                continue;
            switch (node.Operator)
            {
                case Transpose transpose when !graph.IsOutput(node.Output) && !Permutations.IsIdentity(transpose.Permutation):
                    return transpose.Permutation;
                case Binary or Concatenation when OtherLayout(graph, node, reached) is { } other:
                    return Permutations.Inverse(other);
                case Reshape when UnitReshapeLayout(graph, node) is { } layout && node.Input.Shape.Rank == input.Shape.Rank:
                    return layout;
                case Unary or Binary or Pad or MirrorPad or Gather or Concatenation or StridedSlice or Quantize or Dequantize when node.Output.Shape.Rank == input.Shape.Rank:
                    reached.UnionWith(node.Outputs);
                    break;
            }
        }
        return null;
    }

    // The order that a transpose behind a reshape of units only (Unsqueeze) asks for, as a permutation of the reshape's input.
    private static int[]? UnitReshapeLayout(ModelGraph graph, Node reshape)
    {
        Shape source = reshape.Input.Shape;
        Shape shape = reshape.Output.Shape;
        if (graph.OnlyConsumer(reshape.Output) is not { Operator: Transpose { Permutation: var permutation } } || !ReshapeSinking.MovesOnlyUnits(source, shape))
            return null;
        int[] sourceAxes = [.. Enumerable.Range(0, source.Rank).Where(axis => source[axis] != 1)];
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != 1)];
        int[] layout =
        [
            .. Enumerable.Range(0, source.Rank).Where(axis => source[axis] == 1),
            .. permutation.Where(axis => shape[axis] != 1).Select(axis => sourceAxes[Array.IndexOf(axes, axis)]),
        ];
        return Permutations.KeepsOrder(layout, source) ? null : layout;
    }

    private static bool IsUsed(ModelGraph graph, Tensor tensor) => graph.IsOutput(tensor) || graph.Consumers(tensor).Any();

    private static int[]? OtherLayout(ModelGraph graph, Node node, HashSet<Tensor> reached)
    {
        foreach (Tensor? operand in node.Inputs)
        {
            if (operand is not null && !reached.Contains(operand) && graph.ProducerOf<Transpose>(operand) is { Operator: Transpose transpose }
                && operand.Shape.Rank == reached.First().Shape.Rank)
            {
                return transpose.Permutation;
            }
        }
        return null;
    }

    private static bool TryAbsorbReshape(ModelGraph graph, int index)
    {
        GraphPort port = graph.Inputs[index];
        if (!port.IsPermuted || graph.OnlyConsumer(port.Tensor) is not { Operator: Reshape } reshape || graph.IsOutput(reshape.Output)
            || !GraphEdits.SameValues(port.Tensor, reshape.Output) || !ReshapeSinking.MovesOnlyUnits(port.Tensor.Shape, reshape.Output.Shape))
        {
            return false;
        }
        graph.Nodes.Remove(reshape);
        reshape.Output.Name = port.Name;
        graph.Inputs[index] = port with { Tensor = reshape.Output };
        return true;
    }
}
