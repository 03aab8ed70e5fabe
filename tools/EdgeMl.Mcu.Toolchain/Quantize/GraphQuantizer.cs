using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Builds the int8 graph of a float graph, given the quantisation of its activations. The float graph is not changed.</summary>
internal sealed class GraphQuantizer
{
    private readonly ScaleGroups _groups;
    private readonly ActivationScales _scales;
    private readonly LayerWeights _weights;
    private readonly Dictionary<Tensor, Tensor> _activations = [];
    private readonly HashSet<string> _sourceNames;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <param name="source">The float graph.</param>
    /// <param name="groups">Which activations share a quantisation.</param>
    /// <param name="scales">Quantisation of the activations.</param>
    /// <param name="weights">Quantises the weights of its layers.</param>
    public GraphQuantizer(ModelGraph source, ScaleGroups groups, ActivationScales scales, LayerWeights weights)
    {
        _weights = weights;
        _sourceNames = [.. source.Tensors().Select(tensor => tensor.Name)];
        _groups = groups;
        _scales = scales;
        Result = new ModelGraph { Name = source.Name };
        foreach (GraphPort port in source.Inputs)
            Result.Inputs.Add(port with { Tensor = Activation(port.Tensor) });
        foreach (Node node in source.Nodes)
            Add(node);
        foreach (GraphPort port in source.Outputs)
            Result.Outputs.Add(port with { Tensor = Activation(port.Tensor) });
    }

    /// <summary>The int8 graph.</summary>
    public ModelGraph Result { get; }

    /// <summary>The int8 tensor of an activation of the float graph.</summary>
    public Tensor Activation(Tensor tensor)
    {
        if (_activations.TryGetValue(tensor, out Tensor? quantized))
            return quantized;
        quantized = tensor.IsConstant
            ? Constant(tensor, _scales.Of(tensor))
            : new Tensor(Unique(tensor.Name), ElementType.Int8, tensor.Shape, _scales.Of(tensor));
        return _activations[tensor] = quantized;
    }

    private void Add(Node node)
    {
        Tensor[] outputs = [.. node.Outputs.Select(Activation)];
        IEnumerable<Tensor?> inputs = OperatorRules.WeightAxis(node.Operator) is not null
            ? WeightedInputs(node)
            : [.. node.Inputs.Select((input, index) => input is null ? null : Input(node, index, input))];
        Result.Nodes.Add(new Node(node.Name, node.Operator, inputs, outputs));
    }

    private Tensor Input(Node node, int index, Tensor input)
    {
        if (OperatorRules.Of(node.Operator) != ScaleRule.SharedByInputs)
            return Activation(input);
        Quantization shared = _scales.Of(node.Output);
        if (input.IsConstant)
            return Constant(input, shared);
        Tensor own = Activation(input);
        if (!_groups.IsRequantized(node, index) || shared.SameAs(own.Quantization))
            return own;
        var requantized = new Tensor(Unique($"{own.Name}/requantized"), ElementType.Int8, own.Shape, shared);
        Result.Nodes.Add(new Node(requantized.Name, new Quantize(), [own], requantized));
        return requantized;
    }

    private Tensor?[] WeightedInputs(Node node)
    {
        Tensor input = Activation(node.Input);
        float inputScale = _scales.Of(node.Input).Scale;
        Tensor weights = _weights.Quantize(node, inputScale, _scales.Of(node.Output).Scale);
        weights.Name = Unique(weights.Name);
        if (node.InputOrNull(2) is null)
            return [input, weights];
        Tensor quantizedBias = _weights.Bias(node, inputScale, weights);
        quantizedBias.Name = Unique(quantizedBias.Name);
        return [input, weights, quantizedBias];
    }

    private Tensor Constant(Tensor constant, Quantization quantization)
    {
        (int Min, int Max) limits = QuantizedValues.Limits(ElementType.Int8);
        sbyte[] values = Array.ConvertAll(
            constant.Reals(), real => (sbyte)QuantizedValues.Nearest(real, quantization.Scale, quantization.ZeroPoint, limits));
        return new Tensor(Unique(constant.Name), ElementType.Int8, constant.Shape, quantization, values);
    }

    /// <summary>
    /// The name itself for the first tensor that asks for it, another one for copies: constants that several nodes read are copied, as each
    /// needs its own scale. No copy takes the name of a tensor of the float graph, so ports keep theirs.
    /// </summary>
    private string Unique(string name)
    {
        if (_names.Add(name))
            return name;
        for (int copy = 2; ; copy++)
        {
            string unique = $"{name}/{copy}";
            if (!_sourceNames.Contains(unique) && _names.Add(unique))
                return unique;
        }
    }
}
