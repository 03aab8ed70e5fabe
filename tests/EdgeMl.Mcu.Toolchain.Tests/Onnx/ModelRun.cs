using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>Runs graphs on data in the layout of the source model.</summary>
internal static class ModelRun
{
    /// <summary>All outputs one after another, in the source model's layout.</summary>
    public static float[] Run(ModelGraph graph, params float[][] inputs)
    {
        float[][] device = [.. graph.Inputs.Zip(inputs, (port, values) => PortLayout.ToDevice<float>(port, values))];
        IReadOnlyList<float[]> outputs = new FloatExecutor(graph, ActivationPrecision.FakeQuantized).Run(device);
        return [.. graph.Outputs.Zip(outputs, (port, values) => PortLayout.ToSource<float>(port, values)).SelectMany(values => values)];
    }

    /// <summary>Inputs in [-1, 1) for every input of a graph.</summary>
    public static float[][] RandomInputs(ModelGraph graph, int seed)
    {
        var random = new Random(seed);
        return [.. graph.Inputs.Select(port => Values(random, port.SourceShape.ElementCount))];
    }

    /// <summary>Values in [-1, 1).</summary>
    public static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    /// <summary>Largest difference, relative to 1e-5 + 1e-4 |expected|: at most 1 is within float rounding.</summary>
    public static double Difference(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        double worst = 0;
        for (int i = 0; i < expected.Count; i++)
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]) / (1e-5 + 1e-4 * Math.Abs(expected[i])));
        return worst;
    }

    /// <summary>Fails where a node reads what comes after it, or names repeat.</summary>
    public static void CheckStructure(ModelGraph graph)
    {
        var known = graph.Inputs.Select(port => port.Tensor).ToHashSet();
        foreach (Node node in graph.Nodes)
        {
            Assert.All(node.Inputs.OfType<Tensor>(), input => Assert.True(input.IsConstant || known.Contains(input), $"{node} reads '{input.Name}' too early."));
            known.UnionWith(node.Outputs);
        }
        Assert.All(graph.Outputs, port => Assert.Contains(port.Tensor, known));
        Assert.All(graph.Outputs.Concat(graph.Inputs), port => Assert.Equal(port.SourceShape.ElementCount, port.Tensor.Shape.ElementCount));
        string[] names = [.. graph.Tensors().Select(tensor => tensor.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
    }
}
