using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class ScaleSharingTests
{
    private readonly GraphBuilder _builder = new();

    [Fact]
    public void Softmax_logistic_tanh_and_log_softmax_have_fixed_scales()
    {
        Tensor x = _builder.Input("x", 1, 4);
        _builder.Output(
            _builder.Node("softmax", new Softmax(), [1, 4], x),
            _builder.Node("logistic", new Unary(UnaryKind.Logistic), [1, 4], x),
            _builder.Node("tanh", new Unary(UnaryKind.Tanh), [1, 4], x),
            _builder.Node("log", new LogSoftmax(), [1, 4], x));
        ModelGraph graph = Quantize();
        (float, int)[] expected = [(1f / 256, -128), (1f / 256, -128), (1f / 128, 0), (16f / 256, 127)];
        Assert.Equal(expected, graph.Outputs.Select(port => (port.Tensor.Quantization!.Scale, port.Tensor.Quantization.ZeroPoint)));
    }

    [Fact]
    public void Operators_that_move_data_keep_the_scale_of_their_input()
    {
        Tensor x = _builder.Input("x", 1, 4, 4, 2);
        Tensor max = _builder.Node("max", new MaxPool2D(new Window(2, 2)), [1, 3, 3, 2], x);
        Tensor average = _builder.Node("average", new AveragePool2D(new Window(2, 2)), [1, 2, 2, 2], max);
        Tensor pad = _builder.Node("pad", new Pad([0, 1, 1, 0], [0, 1, 1, 0]), [1, 4, 4, 2], average);
        Tensor slice = _builder.Node("slice", new StridedSlice([0, 0, 0, 0], [1, 1, 1, 1]), [1, 2, 4, 2], pad);
        Tensor transpose = _builder.Node("transpose", new Transpose([0, 2, 1, 3]), [1, 4, 2, 2], slice);
        Tensor reshape = _builder.Node("reshape", new Reshape(), [1, 16], transpose);
        _builder.Output(_builder.Node("relu6", new Unary(UnaryKind.Relu6), [1, 16], reshape));
        Assert.Single(Quantize().Tensors().Select(tensor => (tensor.Quantization!.Scale, tensor.Quantization.ZeroPoint)).Distinct());
    }

    [Fact]
    public void A_range_that_a_following_maximum_or_clamp_cuts_is_not_paid_for()
    {
        Tensor x = _builder.Input("x", 1, 4);
        Tensor linear = _builder.FullyConnected("linear", x, [1, 0, 0, 0, -10, 0, 0, 0], null);
        _builder.Output(_builder.Node("relu6", new Unary(UnaryKind.Relu6), [1, 2], linear));
        Quantization quantization = Quantize(-1, 1).Nodes[0].Output.Quantization!;
        Assert.Equal(-128, quantization.ZeroPoint);
        Assert.InRange(quantization.Scale, 5.5f / 255, 6.01f / 255);
    }

    [Fact]
    public void Values_that_cancel_in_an_average_stay_in_the_range()
    {
        Tensor x = _builder.Input("x", 1, 1, 2, 1);
        _builder.Output(_builder.Node("average", new AveragePool2D(new Window(1, 2)), [1, 1, 1, 1], x));
        ModelGraph graph = GraphBuilder.Quantize(_builder.Graph, [[[1, -1]], [[0.5f, -0.5f]]]).Graph;
        Assert.Equal(2f / 255, graph.Inputs[0].Tensor.Quantization!.Scale, 1e-6f);
    }

    [Fact]
    public void An_input_that_only_a_squashing_function_reads_has_no_levels_where_its_output_is_flat()
    {
        Tensor x = _builder.Input("x", 1, 4);
        _builder.Output(_builder.Node("logistic", new Unary(UnaryKind.Logistic), [1, 4], x));
        Assert.Equal(16f / 255, Quantize(-100, 100).Inputs[0].Tensor.Quantization!.Scale, 1e-6f);
    }

    [Fact]
    public void Padding_with_the_identity_of_a_maximum_does_not_widen_the_range()
    {
        Tensor x = _builder.Input("x", 1, 2, 2, 1);
        Tensor pad = _builder.Node("pad", new Pad([0, 1, 1, 0], [0, 0, 0, 0], float.NegativeInfinity), [1, 3, 3, 1], x);
        _builder.Output(_builder.Node("max", new MaxPool2D(new Window(2, 2)), [1, 2, 2, 1], pad));
        Assert.InRange(Quantize(-1, 1).Inputs[0].Tensor.Quantization!.Scale, 1.5f / 255, 2.01f / 255);
    }

    [Fact]
    public void Padding_with_a_value_can_represent_it()
    {
        Tensor x = _builder.Input("x", 1, 4);
        _builder.Output(_builder.Node("pad", new Pad([0, 1], [0, 0], 8), [1, 5], x));
        Quantization quantization = Quantize(-1, 1).Outputs[0].Tensor.Quantization!;
        Assert.InRange((127 - quantization.ZeroPoint) * quantization.Scale, 8 - quantization.Scale, 8.1f);
    }

    [Fact]
    public void Inputs_that_only_a_concatenation_reads_take_its_scale()
    {
        Tensor x = _builder.Input("x", 1, 4);
        Tensor small = _builder.FullyConnected("small", x, [1, 0, 0, 0], null);
        Tensor flat = _builder.Node("flat", new Reshape(), [1, 1], small);
        Tensor large = _builder.FullyConnected("large", x, [10, 0, 0, 0], null);
        _builder.Output(_builder.Node("both", new Concatenation(1), [1, 2], flat, large));
        ModelGraph graph = Quantize(-1, 1);
        Assert.DoesNotContain(graph.Nodes, node => node.Operator is Graph.Quantize);
        Assert.Single(graph.Nodes.Select(node => node.Output.Quantization!.Scale).Distinct());
    }

    [Fact]
    public void Inputs_that_others_read_or_that_have_a_fixed_scale_are_requantised()
    {
        Tensor x = _builder.Input("x", 1, 4);
        Tensor shared = _builder.FullyConnected("shared", x, [1, 0, 0, 0], null);
        Tensor tanh = _builder.Node("tanh", new Unary(UnaryKind.Tanh), [1, 4], x);
        Tensor large = _builder.FullyConnected("large", x, [10, 0, 0, 0], null);
        Tensor all = _builder.Node("all", new Concatenation(1), [1, 6], shared, tanh, large);
        _builder.Output(all, _builder.Node("negated", new Unary(UnaryKind.Neg), [1, 1], shared));
        ModelGraph graph = Quantize(-1, 1);

        Node concatenation = graph.Nodes.Single(node => node.Operator is Concatenation);
        Assert.All(concatenation.Inputs, input => Assert.True(concatenation.Output.Quantization!.SameAs(input!.Quantization)));
        Assert.Equal(
            ["shared/requantized", "tanh/requantized"],
            graph.Nodes.Where(node => node.Operator is Graph.Quantize).Select(node => node.Output.Name));
        Assert.Equal(1f / 128, graph.Nodes.Single(node => node.Name == "tanh").Output.Quantization!.Scale);
        Assert.Equal(graph.Tensors().Count(), graph.Tensors().Select(tensor => tensor.Name).Distinct().Count());
    }

    [Fact]
    public void Inputs_of_one_fixed_scale_are_concatenated_as_they_are()
    {
        Tensor x = _builder.Input("x", 1, 4);
        Tensor softmax = _builder.Node("softmax", new Softmax(), [1, 4], x);
        Tensor logistic = _builder.Node("logistic", new Unary(UnaryKind.Logistic), [1, 4], x);
        _builder.Output(_builder.Node("both", new Concatenation(1), [1, 8], softmax, logistic));
        ModelGraph graph = Quantize();
        Assert.Equal(3, graph.Nodes.Count);
        Assert.Equal(1f / 256, graph.Outputs[0].Tensor.Quantization!.Scale);
    }

    [Fact]
    public void A_constant_operand_becomes_int8_with_a_scale_of_its_own()
    {
        Tensor x = _builder.Input("x", 1, 4);
        Tensor constant = Tensor.Constant("c", new Shape(4), [0, 1, 2, 5.1f]);
        _builder.Output(_builder.Node("sum", new Binary(BinaryKind.Add), [1, 4], x, constant));
        Tensor quantized = Quantize().Nodes[0].Inputs[1]!;
        Assert.Equal(ElementType.Int8, quantized.Type);
        Assert.Equal(5.1f / 255, quantized.Quantization!.Scale, 1e-6f);
        Assert.All(quantized.Reals().Zip(constant.Reals()), pair => Assert.Equal(pair.Second, pair.First, 5.1f / 510 * 1.001f));
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_quantised_for_each()
    {
        Tensor x = _builder.Input("x", 1, 2);
        Tensor weights = Tensor.Constant("w", new Shape(2, 2), [1, 2, 3, 4]), bias = Tensor.Constant("b", new Shape(2), [1, 2]);
        Tensor first = _builder.Node("first", new FullyConnected(), [1, 2], x, weights, bias);
        Tensor second = _builder.Node("second", new FullyConnected(), [1, 2], first, weights, bias);
        _builder.Output(_builder.Node("w/2", new Unary(UnaryKind.Neg), [1, 2], second));
        ModelGraph graph = GraphBuilder.Quantize(_builder.Graph, GraphBuilder.Uniform(9, 2, -1, 1)).Graph;
        Assert.NotEqual(graph.Nodes[0].Inputs[2]!.Quantization!.Scale, graph.Nodes[1].Inputs[2]!.Quantization!.Scale);
        Assert.Equal("w/2", graph.Outputs[0].Name);
        Assert.Equal(graph.Tensors().Count(), graph.Tensors().Select(tensor => tensor.Name).Distinct().Count());
    }

    private ModelGraph Quantize(float low = -3, float high = 3) => GraphBuilder.Quantize(
        _builder.Graph, GraphBuilder.Uniform(200, _builder.Graph.Inputs[0].Tensor.Shape.ElementCount, low, high)).Graph;
}
