using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Passes;
using EdgeMl.Mcu.Toolchain.Tests.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes;

/// <summary>What passes may and may not do to an int8 graph.</summary>
public class QuantizedGraphTests
{
    private static readonly Quantization Fine = new(0.5f, 3);
    private static readonly Quantization Coarse = new(1f, -4);

    [Fact]
    public void A_clamp_keeps_its_own_rounding()
    {
        ModelGraph graph = Graph([1, 4, 4, 2]);
        Tensor sum = Add(graph, "sum", new Binary(BinaryKind.Add), [1, 4, 4, 2], Coarse, graph.Inputs[0].Tensor, graph.Inputs[0].Tensor);
        Tensor y = Add(graph, "y", new Unary(UnaryKind.Relu), [1, 4, 4, 2], Fine, sum);
        Assert.Equal(["Add", "Relu"], Optimized(graph, y));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_moves_into_a_convolution_where_it_does_not_requantise(bool isSame)
    {
        ModelGraph graph = Graph([1, 4, 4, 1]);
        Tensor padded = Add(graph, "padded", new Pad([0, 1, 1, 0], [0, 1, 1, 0]), [1, 6, 6, 1], isSame ? Fine : Coarse, graph.Inputs[0].Tensor);
        var weights = new Tensor("w", ElementType.Int8, new Shape(1, 3, 3, 1), new Quantization(0.1f, 0), new sbyte[9]);
        Tensor y = Add(graph, "y", new Conv2D(new Window(3, 3)), [1, 4, 4, 1], Coarse, padded, weights, null);
        Assert.Equal(isSame ? ["Conv2D"] : ["Pad", "Conv2D"], Optimized(graph, y));
    }

    [Fact]
    public void A_reshape_that_requantises_is_no_no_op()
    {
        ModelGraph graph = Graph([1, 4]);
        Tensor requantized = Add(graph, "requantized", new Reshape(), [1, 4], Coarse, graph.Inputs[0].Tensor);
        Tensor y = Add(graph, "y", new Unary(UnaryKind.Tanh), [1, 4], Fine, requantized);
        Assert.Equal(["Reshape", "Tanh"], Optimized(graph, y));
    }

    [Fact]
    public void Transposes_cancel_and_leave_the_values_of_quantised_tensors()
    {
        ModelGraph graph = Graph([1, 2, 3, 4]);
        Tensor nhwc = Add(graph, "nhwc", new Transpose([0, 2, 3, 1]), [1, 3, 4, 2], Fine, graph.Inputs[0].Tensor);
        Tensor pooled = Add(graph, "pooled", new MaxPool2D(new Window(2, 2)), [1, 2, 3, 2], Fine, nhwc);
        Tensor nchw = Add(graph, "nchw", new Transpose([0, 3, 1, 2]), [1, 2, 2, 3], Fine, pooled);
        Tensor y = Add(graph, "y", new Unary(UnaryKind.Logistic), [1, 2, 2, 3], new Quantization(1 / 256f, -128), nchw);
        Assert.Equal(["MaxPool2D", "Logistic"], Optimized(graph, y));
        Assert.Equal([0, 2, 3, 1], graph.Inputs[0].Permutation);
        Assert.Equal(("y", -128), (graph.Outputs[0].Name, graph.Outputs[0].Tensor.Quantization!.ZeroPoint));
    }

    [Fact]
    public void A_single_transpose_between_input_and_output_stays()
    {
        ModelGraph graph = Graph([1, 2, 3, 4]);
        Assert.Equal(["Transpose"], Optimized(graph, Add(graph, "y", new Transpose([0, 2, 3, 1]), [1, 3, 4, 2], Fine, graph.Inputs[0].Tensor)));
    }

    private static ModelGraph Graph(int[] input)
    {
        var graph = new ModelGraph { Name = "int8" };
        graph.Inputs.Add(new GraphPort(new Tensor("x", ElementType.Int8, new Shape(input), Fine)));
        return graph;
    }

    private static Tensor Add(ModelGraph graph, string name, Operator op, int[] shape, Quantization quantization, params Tensor?[] inputs)
    {
        var output = new Tensor(name, ElementType.Int8, new Shape(shape), quantization);
        graph.Nodes.Add(new Node(name, op, inputs, output));
        return output;
    }

    private static string[] Optimized(ModelGraph graph, Tensor output)
    {
        graph.Outputs.Add(new GraphPort(output));
        PassPipeline.Run(graph);
        ModelRun.CheckStructure(graph);
        return [.. graph.Nodes.Select(node => node.Operator.Name)];
    }
}
