using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>The quantisation of every activation, and of constants that are read as activations.</summary>
internal sealed class ActivationScales
{
    /// <summary>An output step finer than this part of an input step says nothing that the inputs know.</summary>
    private const double FinestStep = 1.0 / 1024;

    /// <summary>Padding beyond this is meant to be no value at all (the identity of a maximum), and saturates.</summary>
    private const float LowestPadding = 1e30f;

    private readonly ScaleGroups _groups;
    private readonly IReadOnlyDictionary<Tensor, Quantization>? _frozen;
    private readonly Dictionary<Tensor, ValueRange> _groupRanges = [];
    private readonly Dictionary<Tensor, double> _minScales = [];

    /// <param name="graph">The float graph.</param>
    /// <param name="groups">Which tensors share one quantisation.</param>
    /// <param name="ranges">Calibrated range of every activation.</param>
    /// <param name="frozen">Quantisations that are given, by the tensor that stands for the group; null for none.</param>
    public ActivationScales(ModelGraph graph, ScaleGroups groups, IReadOnlyDictionary<Tensor, ValueRange> ranges, IReadOnlyDictionary<Tensor, Quantization>? frozen = null)
    {
        _groups = groups;
        _frozen = frozen;
        foreach ((Tensor tensor, ValueRange range) in ranges)
        {
            if (groups.CountsForRange(tensor))
                Widen(tensor, Useful(tensor, range));
        }
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor constant in node.Inputs.OfType<Tensor>().Where(input => input.IsConstant))
                Widen(constant, ConstantRange(node, constant));
            if (node.Operator is Pad pad && Math.Abs(pad.Value) < LowestPadding)
                Widen(node.Output, new ValueRange(pad.Value, pad.Value));
        }
        foreach (Tensor constant in graph.Outputs.Select(output => output.Tensor).Where(output => output.IsConstant))
            Widen(constant, ValueRange.Of(constant.Reals()));
        for (int pass = 0; pass <= graph.Nodes.Count && Raise(graph); pass++)
        {
        }
    }

    /// <summary>Quantisation of a tensor.</summary>
    public Quantization Of(Tensor tensor)
    {
        Tensor root = _groups.Root(tensor);
        return _groups.FixedOf(root) ?? _frozen?.GetValueOrDefault(root) ?? _groupRanges[root].ToInt8(_minScales.GetValueOrDefault(root));
    }

    /// <summary>
    /// Intersection of a node's calibrated output with its fused clamp, which rounding in float32 may leave by a unit in the last place.
    /// </summary>
    public static ValueRange OutputRange(Node node, ValueRange calibrated)
    {
        (float low, float high) = OperatorRules.ActivationOf(node.Operator).Bounds();
        return calibrated.Clamp(low, high);
    }

    private ValueRange Useful(Tensor tensor, ValueRange range)
    {
        if (_groups.OnlyReader(tensor) is not { } reader)
            return range;
        (float low, float high) = OperatorRules.UsefulInput(reader.Operator);
        return range.Clamp(low, high);
    }

    private static ValueRange ConstantRange(Node node, Tensor constant) =>
        OperatorRules.WeightAxis(node.Operator) is null && constant.Shape.ElementCount > 0 ? ValueRange.Of(constant.Reals()) : default;

    private void Widen(Tensor tensor, ValueRange range)
    {
        Tensor root = _groups.Root(tensor);
        _groupRanges[root] = _groupRanges.TryGetValue(root, out ValueRange other) ? other.Union(range) : range;
    }

    /// <summary>
    /// Raises scales that would need a multiplier above 1, more resolution than the inputs have, or more than the reading kernel's fixed-point
    /// format has; all of it happens with outputs that are (nearly) constant over the calibration data. True if one changed, because that
    /// changes what later nodes need.
    /// </summary>
    private bool Raise(ModelGraph graph)
    {
        bool changed = false;
        foreach (Node node in graph.Nodes)
        {
            changed |= RaiseTo(node.Output, MinScale(node));
            changed |= RaiseTo(node.Input, OperatorRules.LeastInputScale(node.Operator));
        }
        return changed;
    }

    private bool RaiseTo(Tensor tensor, double scale)
    {
        if (scale <= Of(tensor).Scale || _groups.FixedOf(tensor) is not null || _frozen?.ContainsKey(_groups.Root(tensor)) == true)
            return false;
        // The next float32 up, so that rounding to float32 cannot leave the scale below what is needed.
        _minScales[_groups.Root(tensor)] = MathF.BitIncrement((float)scale);
        return true;
    }

    private double MinScale(Node node) => node.Operator switch
    {
        Conv2D or DepthwiseConv2D or TransposeConv2D or FullyConnected =>
            (double)Of(node.Input).Scale * WeightQuantizer.LargestScale(node.Inputs[1]!),
        Binary { Kind: BinaryKind.Mul } or BatchMatMul => (double)Of(node.Input).Scale * Of(node.Inputs[1]!).Scale,
        Binary { Kind: BinaryKind.Div } => FinestStep * Of(node.Input).Scale / Of(node.Inputs[1]!).Scale,
        Binary { Kind: BinaryKind.PRelu } => Of(node.Input).Scale * Math.Max(FinestStep, Of(node.Inputs[1]!).Scale),
        Binary { Kind: BinaryKind.SquaredDifference } =>
            FinestStep * Math.Pow(Math.Max(Of(node.Input).Scale, Of(node.Inputs[1]!).Scale), 2),
        Binary { Kind: BinaryKind.Add or BinaryKind.Sub } =>
            FinestStep * Math.Max(Of(node.Input).Scale, Of(node.Inputs[1]!).Scale),
        Mean or CumSum or Reduce { Kind: ReduceKind.Sum } => FinestStep * Of(node.Input).Scale,
        _ => 0,
    };
}
