using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Takes a transpose at the end of the graph, and a reshape before it that only moves axes of size 1, into the output's port.</summary>
public static class OutputLayouts
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        for (int i = 0; i < graph.Outputs.Count; i++)
            changed |= TryAbsorb(graph, i);
        return changed;
    }

    private static bool TryAbsorb(ModelGraph graph, int index)
    {
        GraphPort port = graph.Outputs[index];
        Tensor output = port.Tensor;
        if (graph.Producer(output) is not { } node || node.Operator is not (Transpose or Reshape))
            return false;
        Tensor tensor = node.Input;
        if (tensor.IsConstant || graph.IsInput(tensor) || graph.IsOutput(tensor) || !GraphEdits.SameValues(tensor, output)
            || graph.Outputs.FindAll(other => other.Tensor == output).Count > 1)
        {
            return false;
        }
        GraphPort? absorbed = node.Operator switch
        {
            Transpose transpose when !port.IsPermuted && port.SourceShape.Equals(output.Shape) =>
                new GraphPort(tensor, output.Shape, Permutations.Inverse(transpose.Permutation)),
            Reshape when port.IsPermuted && ReshapeSinking.MovesOnlyUnits(tensor.Shape, output.Shape) => port with { Tensor = tensor },
            _ => null,
        };
        if (absorbed is null)
            return false;
        string name = output.Name;
        output.Name = graph.UniqueName(name + "_source");
        tensor.Name = name;
        graph.Outputs[index] = absorbed;
        return true;
    }
}
