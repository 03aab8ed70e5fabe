using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Computes nodes whose inputs are all constants. One that computes an output of the graph stays.</summary>
public static class ConstantFolding
{
    private const int MaxElements = 1 << 24;

    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Outputs.Count != 1 || graph.IsOutput(node.Output) || node.Output.Shape.ElementCount > MaxElements
                || ConstantFolder.TryEvaluate(node.Operator, node.Output, node.Inputs) is not { } data)
            {
                continue;
            }
            node.Output.Data = data;
            graph.Nodes.Remove(node);
            changed = true;
        }
        return changed;
    }
}
