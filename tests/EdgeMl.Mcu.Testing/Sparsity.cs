using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Testing;

/// <summary>Sets weights to 0, which changes what a model computes and not how it is compiled.</summary>
public static class Sparsity
{
    /// <summary>A copy of a graph without the smallest weights of each linear layer.</summary>
    /// <param name="graph">An int8 graph.</param>
    /// <param name="part">Part of the weights of a layer, 0 to 1.</param>
    public static ModelGraph Prune(ModelGraph graph, double part)
    {
        ModelGraph pruned = graph.Copy();
        foreach (Node node in pruned.Nodes.Where(node => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected))
        {
            Tensor tensor = node.Inputs[1]!;
            var weights = (sbyte[])tensor.Data!.Clone();
            foreach (int i in Enumerable.Range(0, weights.Length).OrderBy(i => Math.Abs((int)weights[i])).Take((int)(part * weights.Length)))
                weights[i] = 0;
            node.Inputs[1] = new Tensor(tensor.Name, tensor.Type, tensor.Shape, tensor.Quantization, weights);
        }
        return pruned;
    }
}
