using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Testing;

/// <summary>Changes of an int8 graph as small updates bring them about; scales stay. The same ones for the same seed.</summary>
public static class Retraining
{
    /// <summary>A copy with every weight and bias of the last linear layer moved by normal noise.</summary>
    /// <param name="graph">An int8 graph.</param>
    /// <param name="deviation">Standard deviation of the noise in steps of a weight.</param>
    /// <param name="seed">Seed of the noise.</param>
    public static ModelGraph LastLayer(ModelGraph graph, double deviation, int seed)
    {
        ModelGraph copy = graph.Copy();
        var random = new Random(seed);
        Node last = LinearNodes(copy).Last();
        Move(last, 1, value => (sbyte)Math.Clamp(Math.Round(value + (deviation * Normal(random))), -127, 127));
        if (last.InputOrNull(2) is { Data: int[] bias } tensor)
            last.Inputs[2] = With(tensor, Array.ConvertAll(bias, value => value + (int)Math.Round(50 * deviation * Normal(random))));
        return copy;
    }

    /// <summary>A copy with a part of all weights moved by one to three steps.</summary>
    /// <param name="graph">An int8 graph.</param>
    /// <param name="part">Part of the weights, 0 to 1.</param>
    /// <param name="seed">Seed of the choice.</param>
    public static ModelGraph SomeWeights(ModelGraph graph, double part, int seed)
    {
        ModelGraph copy = graph.Copy();
        var random = new Random(seed);
        foreach (Node node in LinearNodes(copy))
            Move(node, 1, value => random.NextDouble() >= part ? value : (sbyte)(value + (random.Next(1, 4) * (value > 0 ? -1 : 1))));
        return copy;
    }

    private static IEnumerable<Node> LinearNodes(ModelGraph graph) =>
        graph.Nodes.Where(node => node.Operator is Conv2D or DepthwiseConv2D or FullyConnected && node.Inputs[1]?.Data is sbyte[]);

    private static void Move(Node node, int input, Converter<sbyte, sbyte> change) =>
        node.Inputs[input] = With(node.Inputs[input]!, Array.ConvertAll((sbyte[])node.Inputs[input]!.Data!, change));

    private static Tensor With(Tensor tensor, Array data) => new(tensor.Name, tensor.Type, tensor.Shape, tensor.Quantization, data);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
