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
