using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Trees;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Takes the float edges of an integer graph (Quantize at inputs, Dequantize and a float softmax at outputs) out of the program: the interpreter does them.</summary>
internal static class EdgePorts
{
    /// <summary>The device's port of an input; nodes that become part of it are added to <paramref name="edges"/>.</summary>
    public static DevicePort Input(ModelGraph graph, GraphPort port, ProgramBuilder builder, HashSet<Node> edges)
    {
        if (port.Tensor.Type != ElementType.Float32)
            return new DevicePort(port, builder.Input(port.Tensor), port.Tensor.OnDevice(), ProgramBuilder.Activation(port.Tensor), TensorEdge.None);
        if (TreePorts.HasTrees(graph) && TreePorts.Input(graph, port, builder) is { } features)
            return features;
        Node[] consumers = [.. graph.Consumers(port.Tensor)];
        if (consumers.Length == 0 || !Array.TrueForAll(consumers, node => node.Operator is Quantize))
            throw new LoweringException("it is float32 and is not quantised first");
        Tensor quantized = consumers[0].Output;
        Quantization quantization = ProgramBuilder.Activation(quantized);
        if (quantized.Type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int16))
            throw new LoweringException($"it is quantised to {quantized.Type.JsonName()}");
        if (!Array.TrueForAll(consumers, node => quantized.Type == node.Output.Type && quantization.SameAs(node.Output.Quantization)))
            throw new LoweringException("it is quantised in several ways");
        ArenaBuffer buffer = builder.Input(quantized);
        foreach (Node consumer in consumers)
        {
            builder.Alias(consumer.Output, quantized);
            edges.Add(consumer);
        }
        return new DevicePort(port, buffer, quantized.OnDevice(), quantization, TensorEdge.Float);
    }

    /// <summary>The tensor in the arena behind an output, how its integers map to the reals of the output, and its edge.</summary>
    public static (GraphPort Port, Tensor Tensor, Quantization Quantization, TensorEdge Edge) Output(ModelGraph graph, GraphPort port, HashSet<Node> edges)
    {
        if (port.Tensor.Type != ElementType.Float32)
            return (port, port.Tensor, ProgramBuilder.Activation(port.Tensor), TensorEdge.None);
        if (TreePorts.HasTrees(graph) && TreePorts.Output(graph, port) is { } scores)
        {
            if (scores.Function is { } function)
                edges.Add(function);
            return (port, scores.Tensor, new Quantization(1, 0), scores.Edge);
        }
        Node? producer = graph.Producer(port.Tensor);
        TensorEdge edge = TensorEdge.Float;
        if (producer?.Operator is LogSoftmax or Softmax { Beta: 1 } && !port.IsPermuted)
        {
            edge = producer.Operator is LogSoftmax ? TensorEdge.FloatLogSoftmax : TensorEdge.FloatSoftmax;
            edges.Add(producer);
            producer = graph.Producer(producer.Input);
        }
        if (producer?.Operator is Cast && edge == TensorEdge.Float)
        {
            edges.Add(producer);
            return (port, producer.Input, new Quantization(1, 0), edge);
        }
        if (producer?.Operator is not Dequantize)
            throw new LoweringException("it is float32 and no dequantised tensor");
        edges.Add(producer);
        return (port, producer.Input, ProgramBuilder.Activation(producer.Input), edge);
    }
}
