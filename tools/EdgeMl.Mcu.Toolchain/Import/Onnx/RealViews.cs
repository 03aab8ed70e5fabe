using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx;

/// <summary>
/// Quantised tensors as the reals that they stand for. Activations of 8 bits are int8 in the graph: an unsigned one is 128 less, and so is
/// its zero point.
/// </summary>
internal sealed class RealViews(GraphBuilder builder)
{
    /// <summary>Difference between an unsigned 8-bit value and the int8 one of the graph.</summary>
    public const int UnsignedOffset = 128;

    private readonly Dictionary<Tensor, Tensor> _views = [];

    /// <summary>A quantised constant with its integers as int8 where they are unsigned.</summary>
    /// <param name="node">The node that gives the quantisation.</param>
    /// <param name="integers">A constant of integers.</param>
    /// <param name="quantization">Scales and zero points as the file has them.</param>
    public static Tensor Constant(OnnxNode node, Tensor integers, Quantization quantization)
    {
        if (integers.Type != ElementType.UInt8)
            return node.NewConstant("quantized", integers, integers.Shape, integers.Data!, quantization);
        sbyte[] signed = Array.ConvertAll((byte[])integers.Data!, value => (sbyte)(value - UnsignedOffset));
        Tensor constant = node.NewConstant("quantized", ElementType.Int8, integers.Shape, signed);
        constant.Quantization = Signed(quantization);
        return constant;
    }

    /// <summary>The quantisation of unsigned values, for the int8 ones of the graph.</summary>
    public static Quantization Signed(Quantization quantization) =>
        quantization with { ZeroPoints = Array.ConvertAll(quantization.ZeroPoints, point => point - UnsignedOffset) };

    /// <summary>
    /// The reals of a tensor: itself where it holds reals or plain integers, otherwise a constant or the output of a Dequantize node.
    /// </summary>
    public Tensor Of(Tensor tensor)
    {
        if (tensor.Quantization is null || tensor.Type == ElementType.Float32)
            return tensor;
        if (_views.TryGetValue(tensor, out Tensor? view))
            return view;
        string name = $"{tensor.Name}/real";
        view = tensor.IsConstant
            ? builder.Constant(name, ElementType.Float32, tensor.Shape, tensor.Reals())
            : builder.AddConversion(name, new Dequantize(), tensor, ElementType.Float32, null);
        return _views[tensor] = view;
    }

    /// <summary>Whether every input that is quantised has the same quantisation, and there is one.</summary>
    public static Quantization? Common(IEnumerable<Tensor?> inputs)
    {
        Quantization? common = null;
        foreach (Tensor? input in inputs)
        {
            if (input is not { IsConstant: false, Quantization: { } quantization } || input.Type == ElementType.Float32)
                continue;
            if (common is not null && !common.SameAs(quantization))
                throw OnnxErrors.Unsupported("inputs with different quantisations");
            common = quantization;
        }
        return common;
    }
}
