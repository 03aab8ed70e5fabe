using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx.Proto;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>A node of the file while it is imported: what an operator's handler reads, and how it adds nodes to the graph.</summary>
/// <param name="proto">The node in the file.</param>
/// <param name="inputs">The tensors of its inputs, null where an optional one is absent.</param>
/// <param name="opset">Version of the default operator set.</param>
/// <param name="builder">The graph that is built.</param>
internal sealed class OnnxNode(NodeProto proto, IReadOnlyList<Tensor?> inputs, int opset, GraphBuilder builder)
{
    private readonly NodeProto _proto = proto;
    private readonly GraphBuilder _builder = builder;

    private OnnxNode(OnnxNode node, IReadOnlyList<Tensor?> replacement)
        : this(node._proto, replacement, node.Opset, node._builder) => Attributes = node.Attributes;

    /// <summary>The operator's name in the file.</summary>
    public string OpType => _proto.OpType;

    /// <summary>Name for messages and for the graph's nodes.</summary>
    public string Name { get; } = DisplayName(proto);

    /// <summary>Version of the default operator set.</summary>
    public int Opset => opset;

    /// <summary>Attributes of the node.</summary>
    public OnnxAttributes Attributes { get; } = new(proto, $"{proto.OpType} '{DisplayName(proto)}'");

    /// <summary>Number of inputs that the file lists, absent ones included.</summary>
    public int InputCount => inputs.Count;

    /// <summary>Number of outputs that the file lists.</summary>
    public int OutputCount => _proto.Output.Count;

    /// <summary>A node's own name, or its first output's where it has none.</summary>
    public static string DisplayName(NodeProto proto) => proto.Name.Length > 0 ? proto.Name : proto.Output.FirstOrDefault() ?? "";

    /// <summary>An input that must be there.</summary>
    public Tensor Input(int index) => InputOrNull(index) ?? throw Invalid($"the input {index} is missing");

    /// <summary>An optional input.</summary>
    public Tensor? InputOrNull(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>An input that must be there and hold reals.</summary>
    public Tensor RealInput(int index)
    {
        Tensor input = Input(index);
        return input.Type == ElementType.Float32 ? input : throw OnnxErrors.Unsupported($"the input '{input.Name}' has the type {input.Type.JsonName()}");
    }

    /// <summary>An input whose value must be known, or null where it is absent.</summary>
    public Tensor? Constant(int index) => InputOrNull(index) switch
    {
        null => null,
        { IsConstant: true } constant => constant,
        { } activation => throw OnnxErrors.Unsupported($"the input '{activation.Name}' is not a constant"),
    };

    /// <summary>A constant input of reals.</summary>
    public Tensor RealConstant(int index)
    {
        Tensor input = RealInput(index);
        return input.IsConstant ? input : throw OnnxErrors.Unsupported($"the input '{input.Name}' is not a constant");
    }

    /// <summary>A constant input of reals that may stay quantised: the weights and biases of linear layers.</summary>
    public Tensor Weights(int index) => Constant(index) switch
    {
        null => throw Invalid($"the input {index} is missing"),
        { Quantization: not null } quantized => quantized,
        _ => RealConstant(index),
    };

    /// <summary>A constant input of integers, or null where it is absent.</summary>
    public long[]? IntegerConstant(int index) => Constant(index) switch
    {
        null => null,
        { Type: ElementType.Float32 } real => throw Invalid($"the input '{real.Name}' has reals where integers belong"),
        { } constant => constant.Integers(),
    };

    /// <summary>A list that is an attribute up to an operator set version, and an input from it on.</summary>
    public long[]? IntegersByOpset(string attribute, int input, int inputSince) =>
        opset >= inputSince ? IntegerConstant(input) : Attributes.Integers(attribute);

    /// <summary>An axis as a number from 0 to rank - 1; <paramref name="inclusive"/> also allows the rank itself.</summary>
    public int Axis(long axis, int rank, bool inclusive = false)
    {
        long result = axis < 0 ? axis + rank : axis;
        if (result < 0 || result >= rank + (inclusive ? 1 : 0))
            throw Invalid($"the axis {axis} is outside a tensor with {rank} dimensions");
        return (int)result;
    }

    /// <summary>Distinct axes in ascending order.</summary>
    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] result = [.. axes.Select(axis => Axis(axis, rank)).Order()];
        if (result.Distinct().Count() != result.Length)
            throw Invalid("an axis is listed twice");
        return result;
    }

    /// <summary>Adds a node to the graph, or computes it at once where it only moves constants.</summary>
    /// <param name="role">Distinguishes the nodes that one node of the file becomes; empty for the main one.</param>
    /// <param name="op">What the node does.</param>
    /// <param name="shape">Shape of its output.</param>
    /// <param name="operands">Inputs of the node.</param>
    /// <returns>The output.</returns>
    public Tensor Emit(string role, Operator op, Shape shape, params Tensor?[] operands)
    {
        Shape checkedShape = OnnxErrors.CheckedShape([.. shape.Select(d => (long)d)], $"{OpType} '{Name}': an output");
        return _builder.Add(role.Length == 0 ? Name : $"{Name}/{role}", op, checkedShape, operands);
    }

    /// <summary>Adds an operation of the node's first input that has several outputs or gives other elements than it takes.</summary>
    public IReadOnlyList<Tensor> EmitAll(Operator op, params (ElementType Type, Shape Shape)[] outputs) => _builder.AddAll(Name, op, Input(0), outputs);

    /// <summary>Adds the node's main operation.</summary>
    public Tensor Emit(Operator op, Shape shape, params Tensor?[] operands) => Emit("", op, shape, operands);

    /// <summary>The same elements in another shape; the tensor itself where the shape is its own.</summary>
    public Tensor Reshape(string role, Tensor tensor, Shape shape)
    {
        if (tensor.Shape.Equals(shape))
            return tensor;
        if (tensor.Shape.ElementCount != shape.ElementCount)
            throw Invalid($"the shape {tensor.Shape} cannot become {shape}");
        return Emit(role, new Reshape(), shape, tensor);
    }

    /// <summary>The tensor with its axes in another order.</summary>
    public Tensor Transpose(string role, Tensor tensor, params int[] permutation) =>
        Emit(role, new Transpose(permutation), tensor.Shape.Permute(permutation), tensor);

    /// <summary>A new constant.</summary>
    public Tensor NewConstant(string role, ElementType type, Shape shape, Array data) => _builder.Constant($"{Name}/{role}", type, shape, data);

    /// <summary>A new constant of the type of another one.</summary>
    public Tensor NewConstant(string role, Tensor like, Shape shape, Array data, Quantization? quantization)
    {
        Tensor constant = NewConstant(role, like.Type, shape, data);
        constant.Quantization = quantization;
        return constant;
    }

    /// <summary>A constant with its axes in another order; a quantisation along one of them follows it.</summary>
    public Tensor Permuted(string role, Tensor constant, params int[] permutation)
    {
        Quantization? quantization = constant.Quantization is { } q ? q with { Axis = Array.IndexOf(permutation, q.Axis) } : null;
        return NewConstant(role, constant, constant.Shape.Permute(permutation), ConstantData.Transpose(constant.Data!, constant.Shape, permutation), quantization);
    }

    /// <summary>A new constant of reals.</summary>
    public Tensor NewConstant(string role, Shape shape, float[] data) => NewConstant(role, ElementType.Float32, shape, data);

    /// <summary>Adds a Quantize node.</summary>
    public Tensor Convert(Operator op, Tensor input, ElementType type, Quantization quantization) =>
        _builder.AddConversion(Name, op, input, type, quantization);

    /// <summary>The reals of a quantised tensor: a constant, or the output of a Dequantize node.</summary>
    public Tensor RealView(Tensor tensor) => _builder.Views.Of(tensor);

    /// <summary>Whether an int8 activation is unsigned in the file.</summary>
    public bool IsUnsigned(Tensor tensor) => _builder.IsUnsigned(tensor);

    /// <summary>Remembers that an int8 activation is unsigned in the file.</summary>
    public void MarkUnsigned(Tensor tensor) => _builder.MarkUnsigned(tensor);

    /// <summary>The same node with other inputs.</summary>
    public OnnxNode With(params Tensor?[] replacement) => new(this, replacement);

    /// <summary>An inconsistent file.</summary>
    public ToolchainException Invalid(string message) => OnnxErrors.Invalid($"{OpType} '{Name}': {message}.");
}
