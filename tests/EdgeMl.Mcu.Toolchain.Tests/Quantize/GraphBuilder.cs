using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

/// <summary>Builds float graphs; every node and its output are named by the caller.</summary>
internal sealed class GraphBuilder
{
    public ModelGraph Graph { get; } = new() { Name = "test" };

    public Tensor Input(string name, params int[] shape)
    {
        var tensor = new Tensor(name, ElementType.Float32, new Shape(shape));
        Graph.Inputs.Add(new GraphPort(tensor));
        return tensor;
    }

    public Tensor Node(string name, Operator op, int[] shape, params Tensor?[] inputs)
    {
        var output = new Tensor(name, ElementType.Float32, new Shape(shape));
        Graph.Nodes.Add(new Node(name, op, inputs, output));
        return output;
    }

    public Tensor FullyConnected(string name, Tensor input, float[] weights, float[]? bias, Activation activation = Activation.None)
    {
        int inputs = input.Shape[-1], outputs = weights.Length / inputs;
        return Node(
            name, new FullyConnected(activation), [1, outputs], input,
            Tensor.Constant(name + "/w", new Shape(outputs, inputs), weights),
            bias is null ? null : Tensor.Constant(name + "/b", new Shape(outputs), bias));
    }

    public GraphBuilder Output(params Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
            Graph.Outputs.Add(new GraphPort(tensor));
        return this;
    }

    /// <summary>Quantises a graph; a cancelled test run stops it.</summary>
    public static QuantizationResult Quantize(ModelGraph graph, IReadOnlyList<float[][]> samples, QuantizationOptions? options = null) =>
        PostTrainingQuantizer.Quantize(graph, samples, options, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Samples of uniform values for graphs with one input.</summary>
    public static float[][][] Uniform(int count, int elements, float low, float high)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { Values(random, elements, low, high) })];
    }

    /// <summary>Uniform values.</summary>
    public static float[] Values(Random random, int count, float low, float high) =>
        [.. Enumerable.Range(0, count).Select(_ => low + (high - low) * random.NextSingle())];
}
