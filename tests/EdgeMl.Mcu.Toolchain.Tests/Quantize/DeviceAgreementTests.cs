using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class DeviceAgreementTests
{
    private static readonly Window Two = new(2, 2, 2, 2);

    private static readonly Dictionary<string, (Operator Operator, int[] Output)> Operators = new()
    {
        ["max pool"] = (new MaxPool2D(Two), [1, 2, 2, 2]),
        ["average pool"] = (new AveragePool2D(Two), [1, 2, 2, 2]),
        ["mean"] = (new Mean([1, 2]), [1, 1, 1, 2]),
        ["pad"] = (new Pad([0, 1, 0, 0], [0, 0, 2, 0]), [1, 5, 6, 2]),
        ["reshape"] = (new Reshape(), [1, 32]),
        ["transpose"] = (new Transpose([0, 2, 3, 1]), [1, 4, 2, 4]),
        ["slice"] = (new StridedSlice([0, 1, 0, 0], [1, 2, 1, 1]), [1, 2, 4, 2]),
        ["sum"] = (new Reduce(ReduceKind.Sum, [1, 3]), [1, 1, 4, 1]),
        ["greatest"] = (new Reduce(ReduceKind.Max, [1, 2]), [1, 1, 1, 2]),
        ["least"] = (new Reduce(ReduceKind.Min, [3]), [1, 4, 4, 1]),
        ["mirror pad"] = (new MirrorPad([0, 2, 1, 1], [0, 1, 3, 0], true), [1, 7, 8, 3]),
        ["gather"] = (new Gather([3, 0, 0, 2, 1], 2), [1, 4, 5, 2]),
        ["gather backwards"] = (new Gather([3, 2, 1], 1), [1, 3, 4, 2]),
        ["broadcast"] = (new BroadcastTo(), [3, 4, 4, 2]),
        ["resize nearest"] = (new ResizeNearest(false, true), [1, 7, 3, 2]),
        ["resize bilinear"] = (new ResizeBilinear(false, true), [1, 7, 3, 2]),
        ["resize bilinear with aligned corners"] = (new ResizeBilinear(true, false), [1, 3, 9, 2]),
        ["softmax"] = (new Softmax(), [1, 4, 4, 2]),
        ["log softmax"] = (new LogSoftmax(), [1, 4, 4, 2]),
        ["l2 normalization"] = (new L2Normalization(), [1, 4, 4, 2]),
        ["relu"] = (new Unary(UnaryKind.Relu), [1, 4, 4, 2]),
        ["relu6"] = (new Unary(UnaryKind.Relu6), [1, 4, 4, 2]),
        ["relu n1 to 1"] = (new Unary(UnaryKind.ReluN1To1), [1, 4, 4, 2]),
        ["clip"] = (new Unary(UnaryKind.Clip, -0.5f, 2), [1, 4, 4, 2]),
        ["leaky relu"] = (new Unary(UnaryKind.LeakyRelu, 0.1f), [1, 4, 4, 2]),
        ["elu"] = (new Unary(UnaryKind.Elu, 1), [1, 4, 4, 2]),
        ["hard swish"] = (new Unary(UnaryKind.HardSwish), [1, 4, 4, 2]),
        ["hard sigmoid"] = (new Unary(UnaryKind.HardSigmoid, 0.2f, 0.5f), [1, 4, 4, 2]),
        ["logistic"] = (new Unary(UnaryKind.Logistic), [1, 4, 4, 2]),
        ["tanh"] = (new Unary(UnaryKind.Tanh), [1, 4, 4, 2]),
        ["abs"] = (new Unary(UnaryKind.Abs), [1, 4, 4, 2]),
        ["neg"] = (new Unary(UnaryKind.Neg), [1, 4, 4, 2]),
        ["exp"] = (new Unary(UnaryKind.Exp), [1, 4, 4, 2]),
        ["square"] = (new Unary(UnaryKind.Square), [1, 4, 4, 2]),
        ["cumulative sum"] = (new CumSum(2, Exclusive: true, Reverse: true), [1, 4, 4, 2]),
    };

    public static TheoryData<string> Names { get; } = [.. Operators.Keys];

    /// <summary>A step more than rounding, as some kernels compute in fixed point.</summary>
    private const float Tolerance = 1.01f;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_quantised_operator_runs_on_the_device_as_estimated_within_a_step(string name)
    {
        (Operator op, int[] output) = Operators[name];
        var builder = new GraphBuilder();
        builder.Output(builder.Node("y", op, output, builder.Input("x", 1, 4, 4, 2)));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 32, -5, 8));
    }

    [Theory]
    [InlineData(1e-9f)]
    [InlineData(1e-4f)]
    [InlineData(1000)]
    [InlineData(1e7f)]
    public void Inputs_of_any_magnitude_can_be_squashed(float magnitude)
    {
        foreach (string name in new[] { "softmax", "logistic", "tanh", "hard sigmoid", "hard swish" })
        {
            var builder = new GraphBuilder();
            builder.Output(builder.Node("y", Operators[name].Operator, [1, 4, 4, 2], builder.Input("x", 1, 4, 4, 2)));
            AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 32, -magnitude, magnitude));
        }
    }

    [Theory]
    [InlineData(BinaryKind.Add)]
    [InlineData(BinaryKind.Sub)]
    [InlineData(BinaryKind.Mul)]
    [InlineData(BinaryKind.Maximum)]
    [InlineData(BinaryKind.Minimum)]
    [InlineData(BinaryKind.SquaredDifference)]
    [InlineData(BinaryKind.PRelu)]
    public void Two_activations_are_combined_on_the_device_as_estimated(BinaryKind kind)
    {
        foreach (int[] shape in new int[][] { [1, 4, 4, 2], [1, 1, 4, 1], [2] })
        {
            var builder = new GraphBuilder();
            Tensor x = builder.Input("x", 1, 4, 4, 2), y = builder.Input("y", shape);
            builder.Output(builder.Node("z", new Binary(kind), [1, 4, 4, 2], x, y));
            var random = new Random(1);
            AssertAgrees(builder.Graph, [.. Enumerable.Range(0, 20).Select(_ => new[]
            {
                GraphBuilder.Values(random, 32, -5, 8), GraphBuilder.Values(random, y.Shape.ElementCount, -1, 3),
            })]);
        }
    }

    [Theory]
    [InlineData(BinaryKind.Add)]
    [InlineData(BinaryKind.Sub)]
    [InlineData(BinaryKind.Mul)]
    [InlineData(BinaryKind.Div)]
    [InlineData(BinaryKind.Maximum)]
    [InlineData(BinaryKind.Minimum)]
    [InlineData(BinaryKind.SquaredDifference)]
    [InlineData(BinaryKind.PRelu)]
    public void A_constant_operand_is_combined_on_the_device_as_estimated(BinaryKind kind)
    {
        foreach (float[] values in new float[][] { [0.7f], [0.5f, 1.5f], [-2, 0.75f] })
        {
            foreach (Activation activation in new[] { Activation.None, Activation.Relu6 })
            {
                var builder = new GraphBuilder();
                Tensor constant = Tensor.Constant("c", new Shape(values.Length), values);
                builder.Output(builder.Node("y", new Binary(kind, activation), [1, 4, 4, 2], builder.Input("x", 1, 4, 4, 2), constant));
                AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 32, -5, 8));
            }
        }
    }

    [Fact]
    public void A_constant_is_divided_on_the_device_as_estimated()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Node("x6", new Unary(UnaryKind.Clip, 1, 6), [1, 8], builder.Input("x", 1, 8));
        builder.Output(builder.Node("y", new Binary(BinaryKind.Div), [1, 8], Tensor.Constant("c", new Shape(1), [3]), x));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 8, 1, 6));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Matrices_are_multiplied_on_the_device_as_estimated(bool transposeFirst, bool transposeSecond)
    {
        foreach (bool isConstant in new[] { false, true })
        {
            var builder = new GraphBuilder();
            Tensor x = builder.Input("x", transposeFirst ? [2, 4, 3] : [2, 3, 4]);
            var shape = new Shape(transposeSecond ? [1, 5, 4] : [1, 4, 5]);
            Tensor y = isConstant ? Tensor.Constant("c", shape, GraphBuilder.Values(new Random(2), 20, -2, 1)) : builder.Input("y", [.. shape]);
            builder.Output(builder.Node("z", new BatchMatMul(transposeFirst, transposeSecond), [2, 3, 5], x, y));
            var random = new Random(1);
            AssertAgrees(builder.Graph, [.. Enumerable.Range(0, 20).Select(_ => isConstant
                ? new[] { GraphBuilder.Values(random, 24, -1, 3) }
                : [GraphBuilder.Values(random, 24, -1, 3), GraphBuilder.Values(random, 20, -2, 1)])]);
        }
    }

    [Fact]
    public void Sums_of_many_terms_run_on_the_device_as_estimated()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 100);
        Tensor running = builder.Node("running", new CumSum(1), [1, 100], x);
        AssertAgrees(builder.Output(running).Graph, GraphBuilder.Uniform(20, 100, -1, 3), 2 * Tolerance);

        builder = new GraphBuilder();
        x = builder.Input("x", 1, 10);
        Tensor doubled = builder.FullyConnected("doubled", x, [.. Enumerable.Range(0, 100).Select(i => i % 11 == 0 ? 2f : 0)], null);
        builder.Output(builder.Node("sum", new AddN(), [1, 10], x, doubled, Tensor.Constant("c", new Shape(1, 10), GraphBuilder.Values(new Random(3), 10, -1, 1))));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 10, -1, 3), 2 * Tolerance);
    }

    [Fact]
    public void A_clamp_after_a_tensor_that_others_read_keeps_its_scale()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 16);
        Tensor tanh = builder.Node("tanh", new Unary(UnaryKind.Tanh), [1, 16], x);
        Tensor clamped = builder.Node("clamped", new Unary(UnaryKind.Relu6), [1, 16], x);
        Tensor positive = builder.Node("positive", new Unary(UnaryKind.Relu6), [1, 16], tanh);
        builder.Output(builder.Node("product", new Binary(BinaryKind.Mul), [1, 16], clamped, positive));
        ModelGraph graph = GraphBuilder.Quantize(builder.Graph, GraphBuilder.Uniform(20, 16, -5, 8)).Graph;
        Assert.All(graph.Nodes.Where(node => node.Operator is Unary { Kind: UnaryKind.Relu6 }), node =>
            Assert.True(node.Input.Quantization!.SameAs(node.Output.Quantization)));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 16, -5, 8), 2 * Tolerance);
    }

    [Fact]
    public void Sums_and_concatenations_of_branches_run_on_the_device_as_estimated()
    {
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 4);
        Tensor first = builder.FullyConnected("first", x, [1, 2, 0, 0, 0, -3, 1, 1], [0.1f, -0.2f], Activation.Relu);
        Tensor second = builder.FullyConnected("second", x, [0.1f, 0, 0, 0, 0, 0, 0.2f, -0.1f], null);
        Tensor sum = builder.Node("sum", new Binary(BinaryKind.Add, Activation.Relu6), [1, 2], first, second);
        Tensor shifted = builder.Node("shifted", new Binary(BinaryKind.Add), [1, 2], second, Tensor.Constant("c", new Shape(2), [0.5f, -0.25f]));
        Tensor tanh = builder.Node("tanh", new Unary(UnaryKind.Tanh), [1, 2], first);
        builder.Output(builder.Node("all", new Concatenation(1), [1, 8], sum, shifted, tanh, second));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(50, 4, -1, 1), 2 * Tolerance);
    }

    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 3, -1)]
    public void Transposed_convolutions_run_on_the_device_as_estimated(int dilation, int stride, int paddingBehind)
    {
        var window = new Window(3, 2, stride, 1, dilation, 1, PadTop: 1, PadBottom: paddingBehind);
        var builder = new GraphBuilder();
        Tensor x = builder.Input("x", 1, 4, 4, 2);
        Tensor weights = Tensor.Constant("w", new Shape(3, 3, 2, 2), GraphBuilder.Values(new Random(2), 36, -1, 1));
        Tensor bias = Tensor.Constant("b", new Shape(3), [0.5f, -2, 0]);
        int[] shape = [1, window.TransposedHeight(4), window.TransposedWidth(4), 3];
        builder.Output(builder.Node("y", new TransposeConv2D(window, Activation.Relu), shape, x, weights, bias));
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 32, -5, 8));
    }

    [Fact]
    public void A_constant_output_has_its_values_on_the_device()
    {
        var builder = new GraphBuilder();
        Tensor y = builder.Node("y", new Unary(UnaryKind.Relu), [1, 2], builder.Input("x", 1, 2));
        builder.Output(Tensor.Constant("c", new Shape(3), [-1, 0.5f, 2]), y);
        AssertAgrees(builder.Graph, GraphBuilder.Uniform(5, 2, -1, 1));
    }

    [Fact]
    public void Degenerate_layers_run_on_the_device()
    {
        foreach (float weight in new[] { 0, float.Epsilon, 1e-20f, 1e-9f, 1e9f })
        {
            var builder = new GraphBuilder();
            Tensor x = builder.Input("x", 1, 2);
            builder.Output(builder.FullyConnected("y", x, [1, -1, weight, -weight, 0, 0], [0, 0.7f, 0]));
            AssertAgrees(builder.Graph, GraphBuilder.Uniform(20, 2, -1, 1));
        }
    }

    private static void AssertAgrees(ModelGraph graph, float[][][] samples, float steps = Tolerance)
    {
        ModelGraph quantized = GraphBuilder.Quantize(graph, samples).Graph;
        var estimate = new FloatExecutor(quantized, ActivationPrecision.FakeQuantized);
        var device = new DeviceRun(quantized);
        float step = quantized.Outputs[0].Tensor.Quantization!.Scale;
        foreach (float[][] sample in samples)
        {
            float[] expected = estimate.Run(sample)[0], actual = device.Run(sample);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / step, 0, steps));
        }
    }
}
