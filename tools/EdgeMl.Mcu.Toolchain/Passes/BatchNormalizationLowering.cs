using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>Writes batch normalisation as a multiplication and an addition, which fold into layers next to them.</summary>
public static class BatchNormalizationLowering
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Operator is not BatchNormalization normalization || !GraphEdits.IsFloat(node) || !node.Inputs.Skip(1).All(input => input!.IsConstant))
                continue;
            Lower(graph, node, normalization.Epsilon);
            changed = true;
        }
        return changed;
    }

    private static void Lower(ModelGraph graph, Node node, float epsilon)
    {
        float[] scale = node.Inputs[1]!.Reals();
        float[] offset = node.Inputs[2]!.Reals();
        float[] mean = node.Inputs[3]!.Reals();
        float[] variance = node.Inputs[4]!.Reals();
        var factor = new float[scale.Length];
        var addend = new float[scale.Length];
        for (int i = 0; i < factor.Length; i++)
        {
            double f = scale[i] / Math.Sqrt((double)variance[i] + epsilon);
            factor[i] = (float)f;
            addend[i] = (float)(offset[i] - mean[i] * f);
        }
        var shape = new Shape(factor.Length);
        Tensor factors = graph.NewConstant(node.Inputs[1]!, "_factor", shape, factor);
        Tensor scaled = graph.NewLike(node.Output, "_scaled", node.Output.Shape);
        graph.InsertBefore(node, new Node(node.Name + "/scale", new Binary(BinaryKind.Mul), [node.Input, factors], scaled));
        Tensor addends = graph.NewConstant(node.Inputs[2]!, "_addend", shape, addend);
        node.Operator = new Binary(BinaryKind.Add);
        node.Inputs.Clear();
        node.Inputs.AddRange([scaled, addends]);
    }
}
