using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;
using Google.Protobuf;
using DataType = EdgeMl.Mcu.Toolchain.Import.Onnx.Proto.TensorProto.Types.DataType;

namespace EdgeMl.Mcu.Toolchain.Tests.Onnx;

/// <summary>
/// Quantises a float model as the usual tools do: QuantizeLinear and DequantizeLinear around every operator except between a layer and its
/// Relu, int8 weights with one scale for each output channel, int32 biases.
/// </summary>
internal sealed class QdqModel
{
    private readonly bool _isUnsigned;
    private readonly Dictionary<string, (float Min, float Max)> _ranges = [];
    private readonly Dictionary<string, float> _scales = [];
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly ModelProto _source;
    private readonly GraphProto _graph;

    private QdqModel(byte[] model, IEnumerable<float[][]> samples, bool isUnsigned)
    {
        _isUnsigned = isUnsigned;
        ModelGraph graph = OnnxImporter.ImportUnchanged(model, "float");
        var executor = new FloatExecutor(graph);
        foreach (float[][] sample in samples)
            executor.Run(sample, Observe);
        _source = ModelProto.Parser.ParseFrom(model);
        _constants = _source.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        _graph = new GraphProto { Name = _source.Graph.Name };
    }

    /// <summary>The quantised model.</summary>
    /// <param name="model">A float model without batch normalisation.</param>
    /// <param name="samples">Inputs that give the ranges.</param>
    /// <param name="isUnsigned">uint8 activations instead of int8 ones.</param>
    public static byte[] Create(byte[] model, IEnumerable<float[][]> samples, bool isUnsigned) => new QdqModel(model, samples, isUnsigned).Build();

    private void Observe(Tensor tensor, ReadOnlySpan<float> values)
    {
        (float min, float max) = _ranges.GetValueOrDefault(tensor.Name, (0, 0));
        foreach (float value in values)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        _ranges[tensor.Name] = (min, max);
    }

    private byte[] Build()
    {
        GraphProto source = _source.Graph;
        _graph.Input.Add(source.Input);
        _graph.Output.Add(source.Output);
        foreach (ValueInfoProto input in source.Input)
            Bracket(input.Name, input.Name, $"{input.Name}_dq");
        foreach (NodeProto node in source.Node)
        {
            NodeProto copy = node.Clone();
            for (int i = 0; i < node.Input.Count; i++)
                copy.Input[i] = Operand(node, i);
            _graph.Node.Add(copy);
            foreach (string output in node.Output.Where(output => !IsBeforeRelu(output)))
            {
                bool isPort = source.Output.Any(port => port.Name == output);
                copy.Output[0] = isPort ? $"{output}_raw" : output;
                Bracket(output, copy.Output[0], isPort ? output : $"{output}_dq");
            }
        }
        _source.Graph = _graph;
        return _source.ToByteArray();
    }

    private bool IsBeforeRelu(string value) =>
        _source.Graph.Node.Where(node => node.Input.Contains(value)).ToArray() is [{ OpType: "Relu" }];

    private string Operand(NodeProto node, int index)
    {
        string name = node.Input[index];
        if (name.Length == 0)
            return name;
        if (!_constants.TryGetValue(name, out TensorProto? constant))
            return _graph.Node.Any(other => other.Output.Contains($"{name}_dq")) ? $"{name}_dq" : name;
        bool isLinear = node.OpType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul";
        if (isLinear && index == 1)
            return Weights(node, constant);
        if (isLinear && index == 2)
            return Bias(node, constant);
        if (node.OpType is "Add" or "Sub" or "Mul" or "Div")
            return Operand(constant);
        _graph.Initializer.Add(constant);
        return name;
    }

    private string Weights(NodeProto node, TensorProto constant)
    {
        Tensor weights = OnnxTensors.Read(constant, constant.Name);
        bool isSecond = node.OpType is "MatMul" or "ConvTranspose" || node.OpType == "Gemm" && node.Attribute.All(a => a.Name != "transB" || a.I == 0);
        int axis = isSecond ? 1 : 0;
        int inner = weights.Shape.Strides()[axis];
        float[] reals = weights.Reals();
        var scales = new float[weights.Shape[axis]];
        for (int i = 0; i < reals.Length; i++)
            scales[i / inner % scales.Length] = Math.Max(scales[i / inner % scales.Length], Math.Abs(reals[i]) / 127);
        scales = Array.ConvertAll(scales, scale => scale == 0 ? 1 : scale);
        int[] integers = [.. reals.Select((value, i) => (int)Math.Round(value / scales[i / inner % scales.Length]))];
        _graph.Initializer.Add(Integers($"{constant.Name}_int8", DataType.Int8, weights.Shape, integers));
        _graph.Initializer.Add(Reals($"{constant.Name}_scale", scales));
        _graph.Initializer.Add(Integers($"{constant.Name}_zero", DataType.Int8, new Shape(scales.Length), new int[scales.Length]));
        Dequantize($"{constant.Name}_int8", $"{constant.Name}_scale", $"{constant.Name}_zero", $"{constant.Name}_dq", axis);
        return $"{constant.Name}_dq";
    }

    private string Bias(NodeProto node, TensorProto constant)
    {
        float input = _scales[node.Input[0]];
        TensorProto weights = _graph.Initializer.Single(tensor => tensor.Name == $"{node.Input[1]}_scale");
        float[] scales = [.. weights.FloatData.Select(scale => scale * input)];
        float[] reals = OnnxTensors.Read(constant, constant.Name).Reals();
        _graph.Initializer.Add(Integers($"{constant.Name}_int32", DataType.Int32, new Shape(reals.Length), [.. reals.Select((value, i) => (int)Math.Round((double)value / scales[i]))]));
        _graph.Initializer.Add(Reals($"{constant.Name}_scale", scales));
        Dequantize($"{constant.Name}_int32", $"{constant.Name}_scale", null, $"{constant.Name}_dq", 0);
        return $"{constant.Name}_dq";
    }

    private string Operand(TensorProto constant)
    {
        Tensor tensor = OnnxTensors.Read(constant, constant.Name);
        float[] reals = tensor.Reals();
        (float scale, int zero) = Parameters((Math.Min(0, reals.Min()), Math.Max(0, reals.Max())));
        AddScale(constant.Name, scale, zero);
        int[] integers = Array.ConvertAll(reals, value => (int)Math.Round(value / scale) + zero);
        _graph.Initializer.Add(Integers($"{constant.Name}_q", ActivationType, tensor.Shape, integers));
        Dequantize($"{constant.Name}_q", $"{constant.Name}_scale", $"{constant.Name}_zero", $"{constant.Name}_dq", null);
        return $"{constant.Name}_dq";
    }

    private void Bracket(string name, string from, string to)
    {
        (float scale, int zero) = Parameters(_ranges[name]);
        _scales[name] = scale;
        AddScale(name, scale, zero);
        var quantize = new NodeProto { OpType = "QuantizeLinear", Name = $"{name}_QuantizeLinear" };
        quantize.Input.Add([from, $"{name}_scale", $"{name}_zero"]);
        quantize.Output.Add($"{name}_q");
        _graph.Node.Add(quantize);
        Dequantize($"{name}_q", $"{name}_scale", $"{name}_zero", to, null);
    }

    private DataType ActivationType => _isUnsigned ? DataType.Uint8 : DataType.Int8;

    private (float Scale, int ZeroPoint) Parameters((float Min, float Max) range)
    {
        float scale = Math.Max((range.Max - range.Min) / 255, 1e-6f);
        return (scale, (int)Math.Round(-range.Min / scale) - (_isUnsigned ? 0 : 128));
    }

    private void AddScale(string name, float scale, int zero)
    {
        TensorProto value = Reals($"{name}_scale", [scale]);
        value.Dims.Clear();
        _graph.Initializer.Add(value);
        _graph.Initializer.Add(Integers($"{name}_zero", ActivationType, new Shape(), [zero]));
    }

    private void Dequantize(string from, string scale, string? zero, string to, int? axis)
    {
        var node = new NodeProto { OpType = "DequantizeLinear", Name = $"{from}_DequantizeLinear" };
        node.Input.Add(zero is null ? [from, scale] : [from, scale, zero]);
        node.Output.Add(to);
        if (axis is { } along)
            node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = along });
        _graph.Node.Add(node);
    }

    private static TensorProto Integers(string name, DataType type, Shape shape, int[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = type };
        tensor.Dims.Add(shape.Select(dimension => (long)dimension));
        tensor.Int32Data.Add(values);
        return tensor;
    }

    private static TensorProto Reals(string name, float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = DataType.Float };
        tensor.Dims.Add(values.Length);
        tensor.FloatData.Add(values);
        return tensor;
    }
}
