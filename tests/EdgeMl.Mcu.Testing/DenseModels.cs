using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Testing;

/// <summary>Int8 perceptrons with random weights, whose files have about a given length. Random weights cannot be compressed: a delta between two of them is of no use.</summary>
public static class DenseModels
{
    private const int Features = 64, Middle = 64, Classes = 10;

    /// <summary>The largest model of this family whose file has at most <paramref name="bytesMax"/> bytes, with its self-test. The same one for the same seed.</summary>
    /// <param name="bytesMax">At least 8,192; the file is at most about 150 bytes shorter.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static CompiledModel Compile(int bytesMax, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 8_192);
        for (int hidden = bytesMax / (Features + Middle); ; hidden--)
        {
            CompiledModel model = EmlmCompiler.Compile(Graph(hidden, new Random(seed)));
            if (model.Bytes.Length <= bytesMax)
                return model;
        }
    }

    private static ModelGraph Graph(int hidden, Random random)
    {
        var graph = new ModelGraph { Name = "dense" };
        Tensor x = Activations("x", Features);
        graph.Inputs.Add(new GraphPort(x));
        x = Layer(graph, "first", x, hidden, Activation.Relu, random);
        x = Layer(graph, "second", x, Middle, Activation.Relu, random);
        x = Layer(graph, "scores", x, Classes, Activation.None, random);
        graph.Outputs.Add(new GraphPort(x));
        return graph;
    }

    private static Tensor Layer(ModelGraph graph, string name, Tensor x, int outputs, Activation activation, Random random)
    {
        int inputs = x.Shape.ElementCount;
        float scale = 1f / (64 * MathF.Sqrt(inputs));
        sbyte[] weights = Array.ConvertAll(new sbyte[outputs * inputs], _ => (sbyte)random.Next(-127, 128));
        int[] bias = Array.ConvertAll(new int[outputs], _ => random.Next(-1_000, 1_000));
        Tensor y = Activations(name, outputs);
        graph.Nodes.Add(new Node(name, new FullyConnected(activation),
            [
                x,
                new Tensor(name + "/weights", ElementType.Int8, new Shape(outputs, inputs), new Quantization(scale, 0), weights),
                new Tensor(name + "/bias", ElementType.Int32, new Shape(outputs), null, bias),
            ], y));
        return y;
    }

    private static Tensor Activations(string name, int count) => new(name, ElementType.Int8, new Shape(1, count), new Quantization(1f / 32, 0));
}
