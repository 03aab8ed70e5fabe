using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>A linear layer of a float graph that keeps its multipliers and its output's zero point from a base.</summary>
/// <param name="Base">The base's layer.</param>
/// <param name="Linear">The float layer.</param>
/// <param name="Scales">Scale of the weights of each output.</param>
/// <param name="Input">Quantisation of the input.</param>
/// <param name="HasInputOfBase">Whether that is the base's.</param>
/// <param name="Output">Quantisation of the output.</param>
internal sealed record NearLayer(BaseLayer Base, LinearNode Linear, double[] Scales, Quantization Input, bool HasInputOfBase, Quantization Output);

/// <summary>
/// The scales of a base that hold for a float graph. A device model has the scales of its inputs and outputs and the multiplier of each linear layer's outputs; the
/// scales between follow by least squares from the float weights that its integers stand for.
/// </summary>
internal sealed class NearScales
{
    /// <summary>Power of the difference to the base's weights, as a part of their own, up to which they tell a scale.</summary>
    private const double DifferenceMax = 0.25;

    /// <summary>Weights may saturate by this much before a layer takes scales of its own, where saturation is allowed at all.</summary>
    private const double OverflowMax = 1.5;

    /// <summary>Activations may exceed a range by this part of it, as calibration data differs.</summary>
    private const double Slack = 0.05;

    /// <summary>A calibrated scale as near as this is taken for the base's own.</summary>
    private const double SameScale = 2e-3;

    private readonly ActivationScales _calibrated;
    private readonly IReadOnlyDictionary<Tensor, ValueRange> _ranges;
    private readonly bool _maySaturate;
    private readonly Dictionary<Tensor, Quantization> _original = [];
    private readonly Dictionary<Tensor, Quantization> _activations = [];
    private readonly Dictionary<Node, NearLayer> _layers = [];
    private readonly Dictionary<string, string> _others = [];

    /// <param name="graph">The float graph.</param>
    /// <param name="ranges">Calibrated range of every activation.</param>
    /// <param name="original">The base.</param>
    /// <param name="maySaturate">Whether weights and activations that outgrew the base's ranges keep them.</param>
    public NearScales(ModelGraph graph, IReadOnlyDictionary<Tensor, ValueRange> ranges, BaseModel original, bool maySaturate)
    {
        _ranges = ranges;
        _maySaturate = maySaturate;
        Groups = new ScaleGroups(graph);
        _calibrated = new ActivationScales(graph, Groups, ranges);
        Model model = original.Model;
        FreezePorts(graph.Inputs, [.. Enumerable.Range(0, model.InputCount).Select(model.Input)]);
        FreezePorts(graph.Outputs, [.. Enumerable.Range(0, model.OutputCount).Select(model.Output)]);
        Node[] weighted = [.. graph.Nodes.Where(node => OperatorRules.WeightAxis(node.Operator) is not null)];
        foreach (Node node in weighted)
        {
            LinearNode? linear = LinearNode.Of(node);
            string name = ShortName(node.Name);
            if (weighted.Count(other => ShortName(other.Name) == name) > 1)
                _others[name] = "several layers have its name";
            else if (linear is null || original.Find(name, linear.Outputs, linear.Taps) is not { } layer)
                _others[name] = "the base has no such layer";
            else if (Freeze(linear, layer) is { } reason)
                _others[name] = reason;
        }
    }

    /// <summary>Which activations share a quantisation.</summary>
    public ScaleGroups Groups { get; }

    /// <summary>Quantisations that stay the base's, by the tensor that stands for the group.</summary>
    public IReadOnlyDictionary<Tensor, Quantization> Activations => _activations;

    /// <summary>Layers with the base's multipliers.</summary>
    public IReadOnlyDictionary<Node, NearLayer> Layers => _layers;

    /// <summary>Layers without, and why.</summary>
    public IReadOnlyDictionary<string, string> Others => _others;

    /// <summary>Number of weights that nearest rounding leaves at the base's integer or at its neighbour.</summary>
    public long LikeBase => _layers.Values.Sum(layer => Enumerable.Range(0, layer.Linear.Outputs).Sum(output =>
        layer.Base.Row(output).Zip(Reals(layer.Linear, output), (integer, real) => Math.Abs((real / layer.Scales[output]) - integer) < 1.5 ? 1L : 0).Sum()));

    /// <summary>The float weights of an output in the order of its taps.</summary>
    public static double[] Reals(LinearNode linear, int output)
    {
        float[] elements = linear.Node.Inputs[1]!.Reals();
        return [.. Enumerable.Range(0, linear.Taps).Select(tap => (double)elements[linear.WeightIndex(output, tap)])];
    }

    /// <summary>A node's name as a device model holds it.</summary>
    public static string ShortName(string name) => name.IndexOf(';') is var end && end > 0 ? name[..end] : name;

    private void FreezePorts(List<GraphPort> ports, TensorInfo[] infos)
    {
        if (ports.Count != infos.Length)
            return;
        for (int i = 0; i < infos.Length; i++)
        {
            Tensor tensor = ports[i].Tensor;
            if (infos[i].ElementType == TensorType.Int8 && infos[i].Count == tensor.Shape.ElementCount && Groups.FixedOf(tensor) is null)
                Adopt(tensor, new Quantization(infos[i].Scale, infos[i].ZeroPoint));
        }
    }

    private void Adopt(Tensor tensor, Quantization original)
    {
        Tensor root = Groups.Root(tensor);
        _original[root] = original;
        (double low, double high) = ((sbyte.MinValue - original.ZeroPoint) * (double)original.Scale, (sbyte.MaxValue - original.ZeroPoint) * (double)original.Scale);
        double slack = Slack * (high - low);
        if (_maySaturate || (_ranges.TryGetValue(tensor, out ValueRange range) && range.Min >= low - slack && range.Max <= high + slack))
            _activations[root] = original;
    }

    private Quantization? Original(Tensor tensor) => Groups.FixedOf(tensor) ?? _original.GetValueOrDefault(Groups.Root(tensor));

    private Quantization Adopted(Tensor tensor) => Groups.FixedOf(tensor) ?? _activations.GetValueOrDefault(Groups.Root(tensor)) ?? _calibrated.Of(tensor);

    /// <summary>Takes over a layer; why not, where that fails.</summary>
    private string? Freeze(LinearNode linear, BaseLayer layer)
    {
        Quantization input = Original(linear.Node.Input) ?? _calibrated.Of(linear.Node.Input);
        double[] factors = Array.ConvertAll(layer.Multipliers, multiplier => BaseLayer.Value(multiplier) / input.Scale);
        Quantization? output = Original(linear.Node.Output);
        if (output is null)
        {
            if (OutputScale(linear, layer, factors) is not { } scale)
                return "its weights are others";
            output = new Quantization(scale, layer.OutputZeroPoint);
            Quantization calibrated = _calibrated.Of(linear.Node.Output);
            if (calibrated.ZeroPoint == output.ZeroPoint && Math.Abs((calibrated.Scale / scale) - 1) < SameScale)
                output = calibrated;
            Adopt(linear.Node.Output, output);
        }
        double[] scales = Array.ConvertAll(factors, factor => factor * output.Scale);
        for (int channel = 0; channel < scales.Length; channel++)
        {
            double largest = Reals(linear, channel).Max(Math.Abs);
            if (scales[channel] == 0)
                scales[channel] = largest == 0 ? 1 : largest / sbyte.MaxValue;
            else if (largest > (_maySaturate ? OverflowMax : 1) * (sbyte.MaxValue + 0.5) * scales[channel])
                return "its weights outgrew the base's range";
        }
        Quantization adopted = Adopted(linear.Node.Input);
        _layers[linear.Node] = new NearLayer(layer, linear, scales, adopted, adopted.SameAs(input), Adopted(linear.Node.Output));
        return null;
    }

    /// <summary>The scale with which the base's integers are nearest to the float weights; null where they are far from them with any.</summary>
    private static float? OutputScale(LinearNode linear, BaseLayer layer, double[] factors)
    {
        double products = 0, squares = 0, power = 0;
        for (int output = 0; output < linear.Outputs; output++)
        {
            double[] reals = Reals(linear, output);
            int[] integers = layer.Row(output);
            for (int tap = 0; tap < reals.Length; tap++)
            {
                products += factors[output] * integers[tap] * reals[tap];
                squares += Math.Pow(factors[output] * integers[tap], 2);
                power += reals[tap] * reals[tap];
            }
        }
        if (squares == 0 || products <= 0)
            return null;
        double scale = products / squares, difference = power - (products * scale);
        return difference <= DifferenceMax * power ? (float)scale : null;
    }
}
