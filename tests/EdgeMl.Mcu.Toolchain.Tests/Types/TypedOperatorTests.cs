using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Types;

/// <summary>Operators on tensors that are not int8: the device against the float executor, on random values.</summary>
public sealed class TypedOperatorTests
{
    private static readonly Shape Image = new(1, 6, 5, 4);

    public static TheoryData<string> Int16Operators() => [.. Int16.Keys];

    private static readonly Dictionary<string, (Operator Op, Shape Output, float Scale, float Steps)> Int16 = new()
    {
        ["Conv2D"] = (new Conv2D(new Window(3, 3, 2, 1, 1, 1, 1, 1, 1, 1), Activation.Relu), new Shape(1, 3, 5, 3), 0.0005f, 2),
        ["DepthwiseConv2D"] = (new DepthwiseConv2D(new Window(2, 3, 1, 2, 2, 1)), new Shape(1, 4, 2, 8), 0.0005f, 2),
        ["FullyConnected"] = (new FullyConnected(Activation.Relu6), new Shape(1, 6, 5, 3), 0.0004f, 2),
        ["TransposeConv2D"] = (new TransposeConv2D(new Window(3, 2, 2, 2, 1, 1, 1, 0, 0, 0)), new Shape(1, 12, 10, 3), 0.0005f, 2),
        ["AveragePool2D"] = (new AveragePool2D(new Window(3, 2, 2, 2, 1, 1, 1, 0, 1, 1)), new Shape(1, 3, 3, 4), 0.0002f, 1),
        ["MaxPool2D"] = (new MaxPool2D(new Window(2, 2, 2, 2)), new Shape(1, 3, 2, 4), 0.0002f, 0),
        ["Mean"] = (new Mean([1, 2]), new Shape(1, 4), 0.0001f, 2),
        ["ReduceSum"] = (new Reduce(ReduceKind.Sum, [2]), new Shape(1, 6, 4), 0.001f, 1),
        ["Logistic"] = (new Unary(UnaryKind.Logistic), Image, 1f / 32768, 3),
        ["Tanh"] = (new Unary(UnaryKind.Tanh), Image, 1f / 32768, 4),
        ["Softmax"] = (new Softmax(), Image, 1f / 32768, 12),
        ["LeakyRelu"] = (new Unary(UnaryKind.LeakyRelu, -0.3f), Image, 0.00025f, 1),
        ["Abs"] = (new Unary(UnaryKind.Abs), Image, 0.0003f, 1),
        ["Relu"] = (new Unary(UnaryKind.Relu), Image, 0.00015f, 1),
    };

    [Theory]
    [MemberData(nameof(Int16Operators))]
    public void An_int16_operator_gives_what_real_arithmetic_gives(string name)
    {
        (Operator op, Shape shape, float scale, float steps) = Int16[name];
        var random = new Random(name.Length);
        var x = new Tensor("x", ElementType.Int16, Image, new Quantization(0.0002f, 0));
        var y = new Tensor("y", ElementType.Int16, shape, new Quantization(scale, 0));
        List<Tensor?> inputs = [x, .. Weights(op, random)];
        AssertAgrees(Graph([x], new Node(name, op, inputs, y)), [Values(random, Image, 0.0002f)], scale * steps);
    }

    [Theory]
    [InlineData(BinaryKind.Add, 0.0004f)]
    [InlineData(BinaryKind.Sub, 0.0004f)]
    [InlineData(BinaryKind.Mul, 0.002f)]
    [InlineData(BinaryKind.SquaredDifference, 0.01f)]
    public void An_int16_operator_of_two_inputs_broadcasts_either(BinaryKind kind, float scale)
    {
        var random = new Random((int)kind);
        foreach ((Shape first, Shape second) in new[] { (Image, new Shape(4)), (new Shape(6, 1, 4), Image), (Image, Image) })
        {
            var a = new Tensor("a", ElementType.Int16, first, new Quantization(0.0002f, 0));
            var b = new Tensor("b", ElementType.Int16, second, new Quantization(0.0003f, 0));
            var y = new Tensor("y", ElementType.Int16, Image, new Quantization(scale, 0));
            AssertAgrees(Graph([a, b], new Node("both", new Binary(kind), [a, b], y)), [Values(random, first, 0.0002f), Values(random, second, 0.0003f)], scale * 2);
        }
    }

    [Theory]
    [InlineData(ArgReduceKind.ArgMax, ElementType.Int8, ElementType.Int32)]
    [InlineData(ArgReduceKind.ArgMin, ElementType.Int8, ElementType.Int64)]
    [InlineData(ArgReduceKind.ArgMax, ElementType.UInt8, ElementType.Int32)]
    [InlineData(ArgReduceKind.ArgMin, ElementType.Int16, ElementType.Int32)]
    public void ArgMax_and_ArgMin_find_the_first_extreme(ArgReduceKind kind, ElementType from, ElementType to)
    {
        var random = new Random(3);
        Quantization quantization = new(0.1f, from == ElementType.UInt8 ? 128 : 0);
        for (int axis = 0; axis < 3; axis++)
        {
            var x = new Tensor("x", from, new Shape(2, 5, 3), quantization);
            var y = new Tensor("y", to, x.Shape.With(axis, 1));
            AssertAgrees(Graph([x], new Node("index", new ArgReduce(kind, axis), [x], y)), [[.. Values(random, x.Shape, 0.1f, 4)]], 0);
        }
    }

    [Theory]
    [InlineData(CompareKind.Equal)]
    [InlineData(CompareKind.NotEqual)]
    [InlineData(CompareKind.Greater)]
    [InlineData(CompareKind.GreaterEqual)]
    [InlineData(CompareKind.Less)]
    [InlineData(CompareKind.LessEqual)]
    public void A_comparison_selects(CompareKind kind)
    {
        var random = new Random((int)kind);
        Quantization quantization = new(0.25f, 3);
        Tensor Int8(string name, params int[] shape) => new(name, ElementType.Int8, new Shape(shape), quantization);
        Tensor[] inputs = [Int8("a", 4, 1, 5), Int8("b", 3, 1), Int8("c", 5)];
        var condition = new Tensor("condition", ElementType.Bool, new Shape(4, 3, 5));
        var graph = Graph(inputs, new Node("compare", new Compare(kind), [inputs[0], inputs[1]], condition), new Node("select", new Select(), [condition, inputs[0], inputs[2]], Int8("y", 4, 3, 5)));

        AssertAgrees(graph, [.. inputs.Select(input => Values(random, input.Shape, 0.25f, 3))], 0);
    }

    [Theory]
    [InlineData(ElementType.Int8, ElementType.Int16)]
    [InlineData(ElementType.Int16, ElementType.UInt8)]
    [InlineData(ElementType.Int16, ElementType.Int32)]
    [InlineData(ElementType.UInt8, ElementType.Int16)]
    public void Quantize_brings_one_type_to_another(ElementType from, ElementType to)
    {
        var x = new Tensor("x", from, new Shape(200), new Quantization(0.01f, from == ElementType.UInt8 ? 100 : 0));
        var y = new Tensor("y", to, x.Shape, new Quantization(0.013f, to == ElementType.UInt8 ? 50 : 0));

        AssertAgrees(Graph([x], new Node("quantise", new Quantize(), [x], y)), [Values(new Random(5), x.Shape, 0.01f, 90)], 0.013f);
    }

    private static IEnumerable<Tensor?> Weights(Operator op, Random random)
    {
        Shape? shape = op switch
        {
            Conv2D => new Shape(3, 3, 3, 4),
            DepthwiseConv2D => new Shape(1, 2, 3, 8),
            FullyConnected => new Shape(3, 4),
            TransposeConv2D => new Shape(3, 3, 2, 4),
            _ => null,
        };
        if (shape is null)
            return [];
        int channels = op is DepthwiseConv2D ? 8 : 3;
        float[] scales = [.. Enumerable.Range(0, channels).Select(_ => 0.002f + (random.NextSingle() / 200))];
        var values = new sbyte[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (sbyte)random.Next(-127, 128);
        var biases = new long[channels];
        for (int i = 0; i < channels; i++)
            biases[i] = random.Next(-1_000_000, 1_000_000);
        var biasScales = new Quantization([.. scales.Select(scale => scale * 0.0002f)], new int[channels]);
        return
        [
            new Tensor("w", ElementType.Int8, shape, new Quantization(scales, new int[channels], op is DepthwiseConv2D ? 3 : 0), values),
            new Tensor("b", ElementType.Int64, new Shape(channels), biasScales, biases),
        ];
    }

    /// <summary>Random multiples of a scale.</summary>
    private static float[] Values(Random random, Shape shape, float scale, int limit = short.MaxValue)
    {
        var values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Next(-limit, limit + 1) * scale;
        return values;
    }

    private static ModelGraph Graph(Tensor[] inputs, params Node[] nodes)
    {
        var graph = new ModelGraph { Name = "typed" };
        graph.Inputs.AddRange(inputs.Select(input => new GraphPort(input)));
        graph.Nodes.AddRange(nodes);
        graph.Outputs.Add(new GraphPort(nodes[^1].Output));
        return graph;
    }

    /// <summary>Compares real outputs; what the output's type cannot hold counts as its end.</summary>
    private static void AssertAgrees(ModelGraph graph, float[][] inputs, float tolerance)
    {
        Tensor output = graph.Outputs[0].Tensor;
        float[] expected = new FloatExecutor(graph, ActivationPrecision.FakeQuantized).Run(inputs)[0];
        var runner = new DeviceModelRunner(DeviceModelFile.Parse(EmlmCompiler.Compile(graph).Bytes, "typed"), "typed");
        Array[] quantized = [.. inputs.Select((values, i) => SampleValues.FromReals(graph.Inputs[i].Tensor, new NumericArray(new Shape(values.Length), values), "x"))];
        float[] actual = SampleValues.ToReals(output, runner.Run(quantized)[0]);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * 1.001f, $"Element {i} is {actual[i]} instead of {expected[i]}.");
    }
}
