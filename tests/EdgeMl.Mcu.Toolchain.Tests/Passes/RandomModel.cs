using EdgeMl.Mcu.Toolchain.Tests.Onnx;

namespace EdgeMl.Mcu.Toolchain.Tests.Passes;

/// <summary>Small random networks of the kinds that are exported for microcontrollers: convolutions, residuals, gates, concatenations, a head.</summary>
internal sealed class RandomModel
{
    private static readonly string[] Activations = ["Relu", "Tanh", "Sigmoid", "HardSwish", "LeakyRelu", "Elu", "Abs"];

    private readonly OnnxModel _model = new(14);
    private readonly Random _random;
    private readonly bool _isFlat;
    private string _value = "x";
    private int _channels;
    private int _height;
    private int _width;

    private RandomModel(int seed)
    {
        _random = new Random(seed);
        _isFlat = _random.Next(3) == 0;
        _channels = _random.Next(1, 4);
        _height = _isFlat ? 1 : _random.Next(4, 8);
        _width = _random.Next(4, 9);
        _model.Input("x", [1, _channels, .. Spatial(_height, _width)]);
    }

    /// <summary>The model of a seed.</summary>
    public static OnnxModel Create(int seed)
    {
        var model = new RandomModel(seed);
        int steps = model._random.Next(2, 7);
        for (int i = 0; i < steps; i++)
            model.Step();
        model.Head();
        return model._model.Output(model._value);
    }

    private void Step()
    {
        switch (_random.Next(10))
        {
            case 0 or 1:
                Conv(_random.Next(1, 5), 1);
                break;
            case 2:
                Conv(_channels * _random.Next(1, 3), _channels);
                break;
            case 3:
                _value = Unary(_value);
                break;
            case 4:
                Normalize();
                break;
            case 5:
                Pool();
                break;
            case 6:
                Residual();
                break;
            case 7:
                Gate();
                break;
            case 8:
                Concatenate();
                break;
            default:
                Pad();
                break;
        }
    }

    private int[] Spatial(int height, int width) => _isFlat ? [width] : [height, width];

    private string Constant(params int[] shape) => _model.Constant(shape, ModelRun.Values(_random, shape.Aggregate(1, (a, b) => a * b)));

    private string Unary(string x) => _model.Node(Activations[_random.Next(Activations.Length)], [x]);

    private void Conv(int outputs, int groups)
    {
        int pad = _random.Next(2);
        int height = _isFlat ? 1 : Math.Min(3, _height + 2 * pad);
        int width = Math.Min(3, _width + 2 * pad);
        string w = Constant([outputs, _channels / groups, .. Spatial(height, width)]);
        string[] inputs = _random.Next(2) == 0 ? [_value, w] : [_value, w, Constant(outputs)];
        _value = _model.Node("Conv", inputs, ("group", groups), ("pads", Enumerable.Repeat(pad, _isFlat ? 2 : 4).ToArray()));
        _channels = outputs;
        _height = _isFlat ? 1 : _height + 2 * pad - height + 1;
        _width = _width + 2 * pad - width + 1;
        if (_random.Next(2) == 0)
            Normalize();
        if (_random.Next(2) == 0)
            _value = _model.Node("Relu", [_value]);
    }

    private void Normalize()
    {
        string variance = _model.Constant([_channels], [.. ModelRun.Values(_random, _channels).Select(v => 1.5f + v)]);
        string[] statistics = [Constant(_channels), Constant(_channels), Constant(_channels)];
        _value = _model.Node("BatchNormalization", [_value, .. statistics, variance]);
    }

    private void Pool()
    {
        if (_width < 2 || !_isFlat && _height < 2)
            return;
        bool isMax = _random.Next(2) == 0;
        (string, object)[] attributes = [("kernel_shape", Spatial(2, 2)), ("strides", Spatial(2, 2))];
        if (!isMax)
            attributes = [.. attributes, ("pads", Enumerable.Repeat(1, _isFlat ? 2 : 4).ToArray()), ("count_include_pad", _random.Next(2))];
        _value = _model.Node(isMax ? "MaxPool" : "AveragePool", [_value], attributes);
        _height = _isFlat ? 1 : isMax ? _height / 2 : _height / 2 + 1;
        _width = isMax ? _width / 2 : _width / 2 + 1;
    }

    private void Residual()
    {
        string w = Constant([_channels, _channels, .. Spatial(1, 1)]);
        string branch = _model.Node("Conv", [Unary(_value), w]);
        _value = _model.Node(_random.Next(2) == 0 ? "Add" : "Mul", [_value, branch]);
    }

    private void Gate()
    {
        string mean = _model.Node("GlobalAveragePool", [_value]);
        string gate = _model.Node("Sigmoid", [_model.Node("Conv", [mean, Constant([_channels, _channels, .. Spatial(1, 1)])])]);
        _value = _model.Node("Mul", [gate, _value]);
    }

    private void Concatenate()
    {
        string other = _model.Node("Conv", [_value, Constant([2, _channels, .. Spatial(1, 1)])]);
        _value = _model.Node("Concat", [other, Unary(_value)], ("axis", 1));
        _channels += 2;
    }

    private void Pad()
    {
        int[] before = [0, 0, .. Spatial(_random.Next(2), _random.Next(2))];
        int[] after = [0, 0, .. Spatial(_random.Next(2), _random.Next(2))];
        _value = _model.Node("Pad", [_value, _model.Integers([.. before.Concat(after).Select(v => (long)v)])]);
        _height += _isFlat ? 0 : before[2] + after[2];
        _width += before[^1] + after[^1];
    }

    private void Head()
    {
        int features = _channels * _height * _width;
        switch (_random.Next(4))
        {
            case 0:
                _value = _model.Node("Gemm", [_model.Node("Flatten", [_value]), Constant(3, features), Constant(3)], ("transB", 1));
                break;
            case 1:
                string flat = _model.Node("Reshape", [_value, _model.Integers(1, -1)]);
                _value = _model.Node("Softmax", [_model.Node("Add", [_model.Node("MatMul", [Unary(flat), Constant(features, 3)]), Constant(1, 3)])]);
                break;
            case 2:
                _value = _model.Node("ReduceMean", [_value], ("axes", _isFlat ? [2] : new[] { 2, 3 }), ("keepdims", _random.Next(2)));
                break;
            default:
                _value = _model.Node("Relu", [_value]);
                break;
        }
    }
}
