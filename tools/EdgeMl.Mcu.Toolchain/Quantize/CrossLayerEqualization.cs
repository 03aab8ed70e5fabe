using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>
/// Cross-layer equalisation: a channel between two layers is divided by a factor where it is computed and multiplied by it where it is read,
/// which is possible through everything that is positively homogeneous, such as Relu. Channels of unlike ranges then share one int8 scale well.
/// </summary>
/// <remarks>
/// The factor is <c>s = sqrt(r1 / r2)</c> (M. Nagel et al., "Data-free quantization through weight equalization and bias correction", 2019,
/// equation 11). Weights have a scale for each output channel here, so what gains is the activation: <c>r1</c> is the channel's largest magnitude on the
/// calibration data (as in G. Xiao et al., "SmoothQuant", 2022, with α = 1/2), <c>r2</c> the largest magnitude of the weights that read it.
/// A depthwise layer's weights have a scale for each channel too and lose nothing: there <c>s = r1</c>.
/// </remarks>
internal static class CrossLayerEqualization
{
    /// <summary>Factors stay in [1/64, 64]: beyond, a channel that is hardly ever active would decide about the others.</summary>
    private const double LargestFactor = 64;

    /// <summary>An equalised copy; the graph is not changed.</summary>
    /// <param name="graph">The float graph.</param>
    /// <param name="magnitudes">Largest magnitude of each channel (last axis) of each activation.</param>
    public static ModelGraph Apply(ModelGraph graph, IReadOnlyDictionary<Tensor, float[]> magnitudes)
    {
        ModelGraph copy = graph.Copy();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (ChannelPath.From(graph, graph.Nodes[i]) is not { } path)
                continue;
            int reader = graph.Nodes.IndexOf(path.Reader);
            float[] factors = Factors(copy.Nodes[reader], path, magnitudes[graph.Nodes[i].Output]);
            Divide(copy.Nodes[i], factors);
            Multiply(copy.Nodes[reader], path, factors);
        }
        return copy;
    }

    private static float[] Factors(Node reader, ChannelPath path, float[] magnitudes)
    {
        float[] weights = reader.Inputs[1]!.Reals();
        var largest = new float[magnitudes.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int channel = path.ChannelOfWeight(i);
            largest[channel] = Math.Max(largest[channel], Math.Abs(weights[i]));
        }
        var logarithms = new double[magnitudes.Length];
        int used = 0;
        for (int c = 0; c < logarithms.Length; c++)
        {
            if (magnitudes[c] <= 0 || largest[c] <= 0)
            {
                logarithms[c] = double.NaN;
                continue;
            }
            logarithms[c] = reader.Operator is DepthwiseConv2D ? Math.Log(magnitudes[c]) : Math.Log((double)magnitudes[c] / largest[c]) / 2;
            used++;
        }
        double mean = used == 0 ? 0 : logarithms.Where(double.IsFinite).Sum() / used;
        // A common factor of all channels changes no quantisation; without it, weights and activations keep their order of magnitude.
        return Array.ConvertAll(logarithms, value =>
            double.IsFinite(value) ? (float)Math.Clamp(Math.Exp(value - mean), 1 / LargestFactor, LargestFactor) : 1);
    }

    private static void Divide(Node node, float[] factors)
    {
        int axis = OperatorRules.WeightAxis(node.Operator)!.Value;
        int inner = node.Inputs[1]!.Shape.Strides()[axis];
        Replace(node, 1, (value, i) => value / factors[i / inner % factors.Length]);
        if (node.InputOrNull(2) is not null)
            Replace(node, 2, (value, i) => value / factors[i % factors.Length]);
    }

    private static void Multiply(Node node, ChannelPath path, float[] factors) =>
        Replace(node, 1, (value, i) => value * factors[path.ChannelOfWeight(i)]);

    /// <summary>A constant of its own for the node, as other nodes may read the same one.</summary>
    private static void Replace(Node node, int input, Func<float, int, float> change)
    {
        Tensor old = node.Inputs[input]!;
        node.Inputs[input] = Tensor.Constant(old.Name, old.Shape, [.. old.Reals().Select(change)]);
    }
}
