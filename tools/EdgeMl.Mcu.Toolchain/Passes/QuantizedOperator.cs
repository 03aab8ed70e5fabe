using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>The int8 form of one float operator whose inputs come from Dequantize nodes and whose output goes to Quantize nodes.</summary>
internal static class QuantizedOperator
{
    private const double SameScale = 1e-5;

    /// <summary>Makes an operator int8 where its neighbours allow it; true where it did.</summary>
    public static bool TryCreate(ModelGraph graph, Node node)
    {
        if (OperatorRules.Of(node.Operator) is not { } rule || node.Operator is Transpose || node.Outputs.Count != 1 || node.Output.Type != ElementType.Float32
            || Readers(graph, node.Output) is not { } readers || Inputs(graph, node) is not { } inputs)
        {
            return false;
        }
        Tensor output = readers[0].Output;
        Quantization input = inputs[0]!.Quantization!;
        Quantization computed = rule switch
        {
            ScaleRule.SameAsInput => input,
            ScaleRule.Fixed => OperatorRules.FixedOutput(node.Operator),
            _ => output.Quantization!,
        };
        for (int i = 0; i < inputs.Length; i++)
            node.Inputs[i] = rule == ScaleRule.SharedByInputs ? Requantized(graph, node, inputs[i]!, computed) : inputs[i];
        if (computed.SameAs(output.Quantization))
        {
            node.Outputs[0] = output;
            graph.Nodes.Remove(readers[0]);
        }
        else
        {
            node.Outputs[0] = new Tensor(graph.UniqueName(node.Output.Name + "_int8"), ElementType.Int8, output.Shape, computed);
            readers[0].Inputs[0] = node.Output;
        }
        foreach (Node other in readers.Skip(1))
        {
            other.Inputs[0] = output;
            graph.TryBypass(other);
        }
        return true;
    }

    // The Quantize nodes that read a tensor, all to one quantisation; null where anything else reads it.
    private static Node[]? Readers(ModelGraph graph, Tensor tensor)
    {
        Node[] readers = [.. graph.Consumers(tensor)];
        if (readers.Length == 0 || graph.IsOutput(tensor))
            return null;
        Tensor first = readers[0].Output;
        return first.Type == ElementType.Int8 && Array.TrueForAll(readers, node => node.Operator is Quantize && GraphEdits.SameValues(first, node.Output)) ? readers : null;
    }

    // The int8 inputs in the operator's order; null where one of them has none.
    private static Tensor?[]? Inputs(ModelGraph graph, Node node)
    {
        if (OperatorRules.WeightAxis(node.Operator) is { } axis)
            return Quantized(graph, node.Input) is { } x ? Weighted(graph, node, x, axis) : null;
        Tensor?[] inputs = [.. node.Inputs.Select(input => Quantized(graph, input))];
        return inputs.Contains(null) ? null : inputs;
    }

    private static Tensor? Quantized(ModelGraph graph, Tensor? tensor) => tensor switch
    {
        null => null,
        { IsConstant: true, Type: ElementType.Int8, Quantization.IsPerChannel: false } => tensor,
        { IsConstant: true } => OfOneMagnitude(graph, tensor),
        _ => graph.ProducerOf<Dequantize>(tensor) is { Input: { Type: ElementType.Int8 } source } ? source : null,
    };

    // A constant of one value and its negative is exact with the scale |value| / 127.
    private static Tensor? OfOneMagnitude(ModelGraph graph, Tensor constant)
    {
        if (constant.Type != ElementType.Float32)
            return null;
        float[] values = constant.Reals();
        float[] magnitudes = [.. values.Select(MathF.Abs).Where(value => value != 0).Distinct()];
        if (magnitudes.Length != 1 || !float.IsNormal(magnitudes[0] / 127))
            return null;
        sbyte[] integers = Array.ConvertAll(values, value => (sbyte)(127 * Math.Sign(value)));
        return new Tensor(graph.UniqueName(constant.Name + "_int8"), ElementType.Int8, constant.Shape, new Quantization(magnitudes[0] / 127, 0), integers);
    }

    private static Tensor?[]? Weighted(ModelGraph graph, Node node, Tensor x, int axis)
    {
        if (node.Inputs[1] is not { IsConstant: true, Type: ElementType.Int8, Quantization: not null } constant)
            return null;
        Tensor weights = WithoutZeroPoint(graph, constant);
        Quantization quantization = weights.Quantization!;
        if (quantization.IsPerChannel && quantization.Axis != axis)
            return null;
        float[] scales = [.. Enumerable.Range(0, weights.Shape[axis]).Select(quantization.ScaleOf)];
        return node.InputOrNull(2) switch
        {
            null => [x, weights],
            { IsConstant: true } bias => [x, weights, Bias(graph, bias, x.Quantization!.Scale, scales)],
            _ => null,
        };
    }

    // Weights whose distance from the zero point fits into int8 are symmetric ones.
    private static Tensor WithoutZeroPoint(ModelGraph graph, Tensor weights)
    {
        Quantization quantization = weights.Quantization!;
        if (Array.TrueForAll(quantization.ZeroPoints, point => point == 0))
            return weights;
        int inner = quantization.IsPerChannel ? weights.Shape.Strides()[quantization.Axis] : weights.Shape.ElementCount;
        int[] centred = [.. ((sbyte[])weights.Data!).Select((value, i) => value - quantization.ZeroPoints[i / inner % quantization.ZeroPoints.Length])];
        if (!Array.TrueForAll(centred, value => value is >= sbyte.MinValue and <= sbyte.MaxValue))
            return weights;
        Tensor symmetric = graph.NewConstant(weights, "_symmetric", weights.Shape, Array.ConvertAll(centred, value => (sbyte)value));
        symmetric.Quantization = quantization with { ZeroPoints = new int[quantization.ZeroPoints.Length] };
        return symmetric;
    }

    // The file's int32 bias where its scale is input times weights, as it should be; otherwise its reals in that scale.
    private static Tensor Bias(ModelGraph graph, Tensor bias, float inputScale, float[] scales)
    {
        if (bias.Type == ElementType.Int32 && bias.Quantization is { } quantization && Array.TrueForAll(quantization.ZeroPoints, point => point == 0)
            && scales.Select((scale, i) => Math.Abs(quantization.ScaleOf(i) / ((double)inputScale * scale) - 1)).All(difference => difference < SameScale))
        {
            return bias;
        }
        Tensor converted = WeightQuantizer.Bias(bias, inputScale, scales);
        converted.Name = graph.UniqueName(bias.Name + "_int32");
        return converted;
    }

    private static Tensor Requantized(ModelGraph graph, Node reader, Tensor tensor, Quantization quantization)
    {
        if (quantization.SameAs(tensor.Quantization))
            return tensor;
        var result = new Tensor(graph.UniqueName(tensor.Name + "_requantized"), ElementType.Int8, tensor.Shape, quantization);
        if (tensor.IsConstant)
        {
            (int, int) limits = QuantizedValues.Limits(ElementType.Int8);
            result.Data = Array.ConvertAll(tensor.Reals(), real => (sbyte)QuantizedValues.Nearest(real, quantization.Scale, quantization.ZeroPoint, limits));
        }
        else
        {
            graph.InsertBefore(reader, new Node(result.Name, new Quantize(), [tensor], result));
        }
        return result;
    }
}
