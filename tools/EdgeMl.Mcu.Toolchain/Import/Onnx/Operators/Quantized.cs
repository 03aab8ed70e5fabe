using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Quantisation and the operators on quantised values, which become their float operators between Dequantize and Quantize.</summary>
internal static class Quantized
{
    /// <summary>QuantizeLinear of an activation with one scale, or of a constant.</summary>
    public static Tensor QuantizeLinear(OnnxNode node)
    {
        node.Attributes.Ignore("saturate", "precision");
        Tensor x = node.RealInput(0);
        ElementType type = node.InputOrNull(2)?.Type ?? node.Attributes.Integer("output_dtype", 0) switch
        {
            0 => ElementType.UInt8,
            var code => OnnxTensors.TypeOf((Proto.TensorProto.Types.DataType)code) ?? throw OnnxErrors.Unsupported($"the element type {code}"),
        };
        Quantization quantization = Read(node, 1, 2, x.Shape, type);
        if (!x.IsConstant)
            return Quantize(node, x, quantization, type);
        (int low, int high) = Limits(type);
        float[] reals = x.Reals();
        var integers = new long[reals.Length];
        int inner = quantization.IsPerChannel ? x.Shape.Strides()[quantization.Axis] : 1;
        for (int i = 0; i < integers.Length; i++)
        {
            int slice = quantization.IsPerChannel ? i / inner % quantization.Scales.Length : 0;
            float steps = MathF.Round(reals[i] / quantization.Scales[slice], MidpointRounding.ToEven);
            integers[i] = (long)Math.Clamp((double)steps + quantization.ZeroPoints[slice], low, high);
        }
        return node.NewConstant("integers", type, x.Shape, IntegerArithmetic.OfType(type, integers));
    }

    /// <summary>DequantizeLinear: a constant stays quantised until something needs its reals.</summary>
    public static Tensor DequantizeLinear(OnnxNode node)
    {
        node.Attributes.Ignore("output_dtype");
        return Dequantize(node, 0, 1, 2);
    }

    /// <summary>QLinearConv: x, scale, zero point; w, scale, zero point; scale and zero point of the output; optional int32 bias.</summary>
    public static Tensor QLinearConv(OnnxNode node)
    {
        Tensor x = Dequantize(node, 0, 1, 2);
        Tensor w = Dequantize(node, 3, 4, 5, defaultAxis: 0);
        Tensor? bias = null;
        if (node.InputOrNull(8) is not null)
        {
            float input = Scales(node, 1)[0];
            float[] scales = Array.ConvertAll(w.Quantization!.Scales, scale => input * scale);
            Tensor integers = node.Constant(8)!;
            bias = node.NewConstant("bias", integers, integers.Shape, integers.Data!, new Quantization(scales, new int[scales.Length]));
        }
        return Quantize(node, Convolution.Conv(node.With(x, w, bias)), 6, 7);
    }

    /// <summary>QLinearMatMul: a, scale, zero point; b, scale, zero point; scale and zero point of the output.</summary>
    public static Tensor QLinearMatMul(OnnxNode node)
    {
        Tensor a = Dequantize(node, 0, 1, 2);
        Tensor b = Dequantize(node, 3, 4, 5, defaultAxis: node.Input(3).Shape.Rank - 1);
        return Quantize(node, Linear.MatMul(node.With(a, b)), 6, 7);
    }

    /// <summary>Adds the Quantize node of an activation.</summary>
    public static Tensor Quantize(OnnxNode node, Tensor x, Quantization quantization, ElementType type)
    {
        if (quantization.IsPerChannel)
            throw OnnxErrors.Unsupported("an activation with a scale for each slice");
        if (type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.Int16))
            throw OnnxErrors.Unsupported($"activations of the type {type.JsonName()}");
        if (type != ElementType.UInt8)
            return node.Convert(new Quantize(), x, type, quantization);
        Tensor result = node.Convert(new Quantize(), x, ElementType.Int8, RealViews.Signed(quantization));
        node.MarkUnsigned(result);
        return result;
    }

    /// <summary>Moved reals with the int8 quantisation that they had before.</summary>
    public static Tensor Requantize(OnnxNode node, Tensor x, Quantization quantization, bool isUnsigned)
    {
        Tensor result = node.Convert(new Quantize(), x, ElementType.Int8, quantization);
        if (isUnsigned)
            node.MarkUnsigned(result);
        return result;
    }

    private static Tensor Quantize(OnnxNode node, Tensor x, int scale, int zeroPoint)
    {
        ElementType type = node.InputOrNull(zeroPoint)?.Type ?? ElementType.UInt8;
        return Quantize(node, x, Read(node, scale, zeroPoint, x.Shape, type), type);
    }

    private static Tensor Dequantize(OnnxNode node, int input, int scale, int zeroPoint, int defaultAxis = 1)
    {
        Tensor x = node.Input(input);
        if (x.Type == ElementType.Float32)
            throw node.Invalid($"'{x.Name}' holds reals already");
        if (x.IsConstant)
        {
            if (x.Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32))
                throw OnnxErrors.Unsupported($"constants of the type {x.Type.JsonName()}");
            return RealViews.Constant(node, x, Read(node, scale, zeroPoint, x.Shape, x.Type, defaultAxis));
        }
        ElementType type = node.InputOrNull(zeroPoint)?.Type ?? (node.IsUnsigned(x) ? ElementType.UInt8 : x.Type);
        Quantization quantization = Read(node, scale, zeroPoint, x.Shape, type, defaultAxis);
        if (type == ElementType.UInt8)
            quantization = RealViews.Signed(quantization);
        if (quantization.IsPerChannel)
            throw OnnxErrors.Unsupported("an activation with a scale for each slice");
        x.Quantization ??= quantization;
        if (!x.Quantization.SameAs(quantization))
            throw OnnxErrors.Unsupported($"'{x.Name}' is read with another scale or zero point than it was written with");
        return node.RealView(x);
    }

    // Scales and zero points as the file has them; a list of one is per tensor.
    private static Quantization Read(OnnxNode node, int scale, int zeroPoint, Shape shape, ElementType type, int defaultAxis = 1)
    {
        if (node.Attributes.Integer("block_size", 0) != 0)
            throw OnnxErrors.Unsupported("a scale for each block");
        float[] scales = Scales(node, scale);
        long[] points = node.IntegerConstant(zeroPoint) ?? new long[scales.Length];
        long axis = node.Attributes.Integer("axis", defaultAxis);
        (int low, int high) = Limits(type);
        if (points.Length != scales.Length || points.Any(point => point < low || point > high))
            throw node.Invalid($"{points.Length} zero points of {type.JsonName()} do not fit {scales.Length} scales");
        if (scales.Length == 1)
            return new Quantization(scales[0], (int)points[0]);
        int along = node.Axis(axis, shape.Rank);
        if (shape[along] != scales.Length)
            throw node.Invalid($"{scales.Length} scales are given for the axis {along} of {shape}");
        return new Quantization(scales, Array.ConvertAll(points, point => (int)point), along);
    }

    private static float[] Scales(OnnxNode node, int input)
    {
        float[] scales = node.RealConstant(input).Reals();
        return scales.Length > 0 && Array.TrueForAll(scales, scale => scale > 0 && float.IsFinite(scale))
            ? scales
            : throw node.Invalid("a scale is not positive");
    }

    private static (int Low, int High) Limits(ElementType type) => type switch
    {
        ElementType.Int8 or ElementType.UInt8 or ElementType.Int16 or ElementType.Int32 => QuantizedValues.Limits(type),
        _ => throw OnnxErrors.Unsupported($"quantised values of the type {type.JsonName()}"),
    };
}
