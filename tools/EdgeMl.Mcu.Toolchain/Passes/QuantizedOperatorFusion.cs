using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>
/// Makes int8 operators of float ones between Dequantize and Quantize, as QDQ models have them. Operators that only move elements take the
/// Dequantize behind them; one that reads or writes a real value elsewhere stays float. Results change by the rounding of the int8 kernels.
/// </summary>
public static class QuantizedOperatorFusion
{
    /// <summary>Runs the pass; true where it changed something.</summary>
    public static bool Apply(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (!graph.Nodes.Contains(node))
                continue;
            changed |= node.Operator switch
            {
                Quantize => TryJoin(graph, node) || TryRaise(graph, node),
                Dequantize => false,
                _ => TryLower(graph, node) || QuantizedOperator.TryCreate(graph, node),
            };
        }
        return changed;
    }

    // Dequantize → Quantize: nothing, or a step from one quantisation to another.
    private static bool TryJoin(ModelGraph graph, Node quantize)
    {
        if (graph.ProducerOf<Dequantize>(quantize.Input) is not { Input: { Type: ElementType.Int8 } source } || quantize.Output.Type != ElementType.Int8)
            return false;
        quantize.Inputs[0] = source;
        if (source.Quantization!.SameAs(quantize.Output.Quantization))
            graph.TryBypass(quantize);
        return true;
    }

    // Reshape → Quantize: the other way round, so that what computes the input meets its Quantize.
    private static bool TryRaise(ModelGraph graph, Node quantize)
    {
        if (graph.ProducerOf<Reshape>(quantize.Input) is not { } reshape || reshape.Input.Type != ElementType.Float32 || reshape.Input.IsConstant
            || graph.OnlyConsumer(reshape.Output) != quantize)
        {
            return false;
        }
        Tensor quantized = graph.NewLike(quantize.Output, "_flat", reshape.Input.Shape);
        graph.InsertBefore(reshape, new Node(quantized.Name, new Quantize(), [reshape.Input], quantized));
        reshape.Inputs[0] = quantized;
        graph.AbsorbFollowing(reshape, quantize);
        return true;
    }

    // Dequantize → moved elements: the other way round.
    private static bool TryLower(ModelGraph graph, Node node)
    {
        if (node.Operator is Concatenation ? node.Inputs.Exists(input => Source(graph, input) is null) : Source(graph, node.InputOrNull(0)) is null)
            return false;
        Tensor first = Source(graph, node.Input)!;
        if (!Moves(node.Operator, first.Quantization!) || !node.Inputs.TrueForAll(input => first.Quantization!.SameAs(Source(graph, input)?.Quantization)))
            return false;
        for (int i = 0; i < node.Inputs.Count; i++)
            node.Inputs[i] = Source(graph, node.Inputs[i]);
        Tensor output = node.Output;
        var quantized = new Tensor(graph.UniqueName(output.Name + "_int8"), ElementType.Int8, output.Shape, first.Quantization);
        node.Outputs[0] = quantized;
        graph.InsertAfter(node, new Node(output.Name, new Dequantize(), [quantized], output));
        return true;
    }

    private static Tensor? Source(ModelGraph graph, Tensor? tensor) =>
        tensor is not null && graph.ProducerOf<Dequantize>(tensor) is { Input: { Type: ElementType.Int8 } source } ? source : null;

    // A transpose is not among them: those move behind the Dequantize nodes, towards what undoes them.
    private static bool Moves(Operator op, Quantization quantization) => op switch
    {
        Reshape or StridedSlice or Gather or BroadcastTo or MirrorPad or ResizeNearest or Concatenation => true,
        MaxPool2D { Activation: Activation.None } => true,
        Reduce { Kind: ReduceKind.Max or ReduceKind.Min } => true,
        Pad pad => pad.Value == 0 && quantization.ZeroPoint is >= -128 and <= 127,
        _ => false,
    };
}
