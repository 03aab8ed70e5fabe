using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>The quantisation of every activation, and of constants that are read as activations.</summary>
internal sealed class ActivationScales
{
    /// <summary>An output step finer than this part of an input step says nothing that the inputs know.</summary>
    private const double FinestStep = 1.0 / 1024;

    private readonly ScaleGroups _groups;
    private readonly Dictionary<Tensor, ValueRange> _groupRanges = [];
    private readonly Dictionary<Tensor, double> _minScales = [];

    /// <param name="graph">The float graph.</param>
    /// <param name="groups">Which tensors share one quantisation.</param>
    /// <param name="ranges">Calibrated range of every activation.</param>
    public ActivationScales(ModelGraph graph, ScaleGroups groups, IReadOnlyDictionary<Tensor, ValueRange> ranges)
    {
        _groups = groups;
        foreach ((Tensor tensor, ValueRange range) in ranges)
        {
            if (groups.CountsForRange(tensor))
                Widen(tensor, range);
        }
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor constant in node.Inputs.OfType<Tensor>().Where(input => input.IsConstant))
                Widen(constant, ConstantRange(node, constant));
            if (node.Operator is Pad pad && Math.Abs(pad.Value) < LowestPadding)
                Widen(node.Output, new ValueRange(pad.Value, pad.Value));
        }
        for (int pass = 0; pass <= graph.Nodes.Count && Raise(graph); pass++)
        {
        }
    }

    /// <summary>Padding beyond this is meant to be no value at all (the identity of a maximum), and saturates.</summary>
    private const float LowestPadding = 1e30f;

    /// <summary>Quantisation of a tensor.</summary>
    public Quantization Of(Tensor tensor)
    {
        Tensor root = _groups.Root(tensor);
        return _groups.FixedOf(root) ?? _groupRanges[root].ToInt8(_minScales.GetValueOrDefault(root));
    }

    /// <summary>
    /// Intersection of a node's calibrated output with its fused clamp, which rounding in float32 may leave by a unit in the last place.
    /// </summary>
    public static ValueRange OutputRange(Node node, ValueRange calibrated)
    {
        (float low, float high) = OperatorRules.ActivationOf(node.Operator).Bounds();
        return calibrated.Clamp(low, high);
    }

    private static ValueRange ConstantRange(Node node, Tensor constant) =>
        OperatorRules.WeightAxis(node.Operator) is null && constant.Shape.ElementCount > 0 ? ValueRange.Of(constant.Reals()) : default;

    private void Widen(Tensor tensor, ValueRange range)
    {
        Tensor root = _groups.Root(tensor);
        _groupRanges[root] = _groupRanges.TryGetValue(root, out ValueRange other) ? other.Union(range) : range;
    }

    /// <summary>
    /// Raises output scales that would need a multiplier above 1, or more resolution than the inputs have; both happen with outputs that are
    /// (nearly) constant over the calibration data. True if one changed, because that changes what later nodes need.
    /// </summary>
    private bool Raise(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes)
        {
            double needed = MinScale(node);
            if (needed <= Of(node.Output).Scale || _groups.FixedOf(node.Output) is not null)
                continue;
            _minScales[_groups.Root(node.Output)] = needed;
            changed = true;
        }
        return changed;
    }

    private double MinScale(Node node) => node.Operator switch
    {
        Conv2D or DepthwiseConv2D or FullyConnected =>
            (double)Of(node.Input).Scale * WeightQuantizer.LargestScale(node.Inputs[1]!),
        Binary { Kind: BinaryKind.Mul } => (double)Of(node.Input).Scale * Of(node.Inputs[1]!).Scale,
        Binary { Kind: BinaryKind.Add or BinaryKind.Sub } =>
            FinestStep * Math.Max(Of(node.Input).Scale, Of(node.Inputs[1]!).Scale),
        Mean => FinestStep * Of(node.Input).Scale,
        _ => 0,
    };
}
