using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes.Channels;

/// <summary>
/// Small random int8 networks with the channels that optimisation looks for: saturated at either end of the activation range, without weights, unused, and with
/// biases at the limits of int32; next to ordinary ones.
/// </summary>
internal sealed class RandomInt8Network
{
    private static readonly Activation[] Activations = [Activation.None, Activation.Relu, Activation.Relu6, Activation.ReluN1To1];

    private static readonly BinaryKind[] Sums = [BinaryKind.Add, BinaryKind.Sub, BinaryKind.Mul];

    private static readonly UnaryKind[] Functions = [UnaryKind.Relu, UnaryKind.LeakyRelu, UnaryKind.Logistic, UnaryKind.Tanh, UnaryKind.Abs, UnaryKind.HardSwish];

    private readonly ModelGraph _graph;
    private readonly Random _random;
    private Tensor _value;
    private int _names;

    private RandomInt8Network(int seed)
    {
        _random = new Random(seed);
        _graph = new ModelGraph { Name = $"seed {seed}" };
        _value = new Tensor("x", ElementType.Int8, new Shape(1, _random.Next(3, 7), _random.Next(3, 7), _random.Next(1, 5)), Scales());
        _graph.Inputs.Add(new GraphPort(_value));
    }

    /// <summary>The network of a seed.</summary>
    public static ModelGraph Create(int seed)
    {
        var network = new RandomInt8Network(seed);
        network.Conv(network._random.Next(2, 9));
        int steps = network._random.Next(1, 7);
        for (int i = 0; i < steps; i++)
            network.Step();
        network.Head();
        network._graph.Outputs.Add(new GraphPort(network._value));
        return network._graph;
    }

    private int Channels => _value.Shape[-1];

    private void Step()
    {
        switch (_random.Next(12))
        {
            case 0 or 1:
                Conv(_random.Next(1, 9));
                break;
            case 2 or 3:
                Depthwise();
                break;
            case 4 or 5:
                Residual();
                break;
            case 6:
                Pool();
                break;
            case 7:
                Node(new Unary(Functions[_random.Next(Functions.Length)], 0.1f), _value.Shape, Scales(), _value);
                break;
            case 8:
                Concatenate();
                break;
            case 9:
                Slice();
                break;
            case 10:
                Add();
                break;
            default:
                Pad();
                break;
        }
    }

    private Tensor Node(Operator op, Shape shape, Quantization quantization, params Tensor?[] inputs)
    {
        var output = new Tensor($"{op.Name}_{_names++}", ElementType.Int8, shape, quantization);
        _graph.Nodes.Add(new Node(output.Name, op, inputs, output));
        return _value = output;
    }

    // Mostly the zero point that lets a rectifier use the whole range.
    private Quantization Scales() => new(0.01f + _random.NextSingle() * 0.05f, _random.Next(3) == 0 ? _random.Next(-128, 128) : -128);

    private Tensor Weights(Shape shape, int axis, int taps)
    {
        int channels = shape[axis];
        bool isPerChannel = _random.Next(2) == 0 && channels > 1;
        float[] scales = [.. Enumerable.Range(0, isPerChannel ? channels : 1).Select(_ => (0.5f + _random.NextSingle()) / (60 * MathF.Sqrt(taps)))];
        var data = new sbyte[shape.ElementCount];
        bool[] isUnused = [.. Enumerable.Range(0, shape[-1]).Select(_ => _random.Next(4) == 0)];
        for (int i = 0; i < data.Length; i++)
            data[i] = axis == 0 && isUnused[i % isUnused.Length] ? (sbyte)0 : (sbyte)_random.Next(-128, 128);
        return new Tensor($"w_{_names++}", ElementType.Int8, shape, new Quantization(scales, new int[scales.Length], axis < 0 ? shape.Rank - 1 : axis), data);
    }

    private Tensor? Bias(int channels)
    {
        if (_random.Next(8) == 0)
            return null;
        int[] bias = [.. Enumerable.Range(0, channels).Select(_ => _random.Next(10) switch
        {
            0 => int.MinValue,
            1 => int.MaxValue,
            2 or 3 or 4 => -_random.Next(30_000, 400_000),
            5 => _random.Next(30_000, 400_000),
            6 => int.MinValue + _random.Next(100_000),
            _ => _random.Next(-3_000, 3_000),
        })];
        return new Tensor($"b_{_names++}", ElementType.Int32, new Shape(channels), null, bias);
    }

    private Window Window()
    {
        int height = _random.Next(1, Math.Min(3, _value.Shape[1]) + 1);
        int width = _random.Next(1, Math.Min(3, _value.Shape[2]) + 1);
        int dilation = height > 1 && _value.Shape[1] > 2 * height && _random.Next(4) == 0 ? 2 : 1;
        bool isPadded = _random.Next(2) == 0;
        int Padding() => isPadded ? _random.Next(0, 3) : 0;
        return new Window(height, width, _random.Next(1, 3), _random.Next(1, 3), dilation, 1, Padding(), Padding(), Padding(), Padding());
    }

    private Shape Windowed(Window window, int channels) => new(1, window.OutputHeight(_value.Shape[1]), window.OutputWidth(_value.Shape[2]), channels);

    private void Conv(int outputs)
    {
        Window window = _random.Next(3) == 0 ? new Window(1, 1) : Window();
        Conv(outputs, window, Activations[_random.Next(Activations.Length)]);
    }

    private void Conv(int outputs, Window window, Activation activation)
    {
        Tensor x = _value;
        var shape = new Shape(outputs, window.KernelHeight, window.KernelWidth, Channels);
        Node(new Conv2D(window, activation), Windowed(window, outputs), Scales(), x, Weights(shape, 0, shape.ElementCount / outputs), Bias(outputs));
    }

    private void Depthwise()
    {
        Tensor x = _value;
        Window window = Window();
        int outputs = Channels * _random.Next(1, 3);
        Tensor weights = Weights(new Shape(1, window.KernelHeight, window.KernelWidth, outputs), -1, window.KernelHeight * window.KernelWidth);
        Node(new DepthwiseConv2D(window, Activations[_random.Next(Activations.Length)]), Windowed(window, outputs), Scales(), x, weights, Bias(outputs));
    }

    private void Residual()
    {
        Tensor x = _value;
        Conv(Channels, new Window(1, 1), Activation.Relu);
        if (_random.Next(2) == 0)
            Conv(Channels, new Window(3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1), Activation.None);
        if (_value.Shape.Equals(x.Shape))
            Node(new Binary(Sums[_random.Next(Sums.Length)], Activations[_random.Next(Activations.Length)]), x.Shape, Scales(), x, _value);
    }

    private void Pool()
    {
        Window window = Window();
        Operator pool = _random.Next(2) == 0 ? new MaxPool2D(window, Activations[_random.Next(2)]) : new AveragePool2D(window, false, Activations[_random.Next(2)]);
        Node(pool, Windowed(window, Channels), _value.Quantization!, _value);
    }

    private void Concatenate()
    {
        Tensor x = _value;
        Conv(_random.Next(1, 5), new Window(1, 1), Activation.Relu);
        _value.Quantization = x.Quantization;
        Node(new Concatenation(3), x.Shape.With(-1, x.Shape[-1] + Channels), x.Quantization!, _value, x);
    }

    private void Slice()
    {
        int first = _random.Next(Channels);
        Shape shape = _value.Shape.With(-1, _random.Next(1, Channels - first + 1));
        Node(new StridedSlice([0, 0, 0, first], [1, 1, 1, 1]), shape, _value.Quantization!, _value);
    }

    private void Add()
    {
        Tensor x = _value;
        var data = new sbyte[Channels];
        for (int i = 0; i < data.Length; i++)
            data[i] = (sbyte)_random.Next(-128, 128);
        Node(new Binary(Sums[_random.Next(Sums.Length)], Activation.Relu), x.Shape, Scales(), x, new Tensor($"c_{_names++}", ElementType.Int8, new Shape(Channels), Scales(), data));
    }

    private void Pad()
    {
        int[] before = [0, _random.Next(2), _random.Next(2), 0];
        int[] after = [0, _random.Next(2), _random.Next(2), 0];
        var shape = new Shape([.. _value.Shape.Select((size, axis) => size + before[axis] + after[axis])]);
        Node(new Pad(before, after), shape, _value.Quantization!, _value);
    }

    private void Head()
    {
        switch (_random.Next(5))
        {
            case 0:
                Node(new Mean([1, 2]), new Shape(1, Channels), Scales(), _value);
                break;
            case 1 or 2:
                Node(new Reshape(), new Shape(1, _value.Shape.ElementCount), _value.Quantization!, _value);
                break;
            case 3:
                return;
        }
        int inputs = _random.Next(2) == 0 ? Channels : _value.Shape.ElementCount;
        FullyConnected(inputs, _random.Next(1, 7), Activation.Relu);
        FullyConnected(Channels, _random.Next(1, 7), Activation.None);
    }

    private void FullyConnected(int inputs, int outputs, Activation activation)
    {
        Tensor x = _value;
        Tensor weights = Weights(new Shape(outputs, inputs), 0, inputs);
        if (!weights.Quantization!.IsPerChannel)
            weights.Quantization = new Quantization(weights.Quantization.Scale, _random.Next(-3, 4));
        Node(new FullyConnected(activation), new Shape(x.Shape.ElementCount / inputs, outputs), Scales(), x, weights, Bias(outputs));
    }
}
