using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>Real weights of a linear layer, one row for each output, taps in the order of its patches; and its bias.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Rows">Outputs × taps.</param>
/// <param name="Bias">One value for each output, or null where the layer has no bias that may change.</param>
/// <param name="Grids">What the weights of each output can be; null for float weights.</param>
internal sealed record LayerWeights(LinearNode Layer, double[][] Rows, double[]? Bias, WeightGrid[]? Grids)
{
    /// <summary>Number of weights.</summary>
    public int Count => Layer.Outputs * Layer.Taps;

    /// <summary>Reads the weights of a layer.</summary>
    public static LayerWeights Of(LinearNode layer)
    {
        WeightGrid[]? grids = WeightGrid.Of(layer);
        float[] elements = layer.Node.Inputs[1]!.Reals();
        double[][] rows = [.. Enumerable.Range(0, layer.Outputs).Select(output =>
            Enumerable.Range(0, layer.Taps).Select(tap => (double)elements[layer.WeightIndex(output, tap)]).ToArray())];
        return new LayerWeights(layer, rows, ReadBias(layer, grids), grids);
    }

    /// <summary>Which weights are not 0, for each output.</summary>
    public bool[][] NonZero() => [.. Rows.Select(row => Array.ConvertAll(row, weight => weight != 0))];

    /// <summary>The same with weights that are not kept 0.</summary>
    public LayerWeights Only(bool[][] isKept) =>
        this with { Rows = [.. Rows.Select((row, output) => row.Select((weight, tap) => isKept[output][tap] ? weight : 0).ToArray())] };

    /// <summary>The same with all weights and the bias of some outputs 0.</summary>
    public LayerWeights Without(IReadOnlySet<int> outputs) => this with
    {
        Rows = [.. Rows.Select((row, output) => outputs.Contains(output) ? new double[row.Length] : row)],
        Bias = Bias is null ? null : [.. Bias.Select((value, output) => outputs.Contains(output) ? 0 : value)],
    };

    /// <summary>The weights rounded to integers of a number of bits times a scale for each output, <c>max |w| / (2^(bits - 1) - 1)</c>.</summary>
    public LayerWeights RoundedTo(int bits)
    {
        int greatest = (1 << (bits - 1)) - 1;
        return this with
        {
            Rows = [.. Rows.Select(row =>
            {
                double scale = row.Max(Math.Abs) / greatest;
                return scale == 0 ? row : Array.ConvertAll(row, weight => Math.Round(weight / scale) * scale);
            })],
        };
    }

    /// <summary>Makes these the constants of a node like the layer's; tensors that others may share stay as they are.</summary>
    public void WriteTo(Node node)
    {
        Tensor weights = node.Inputs[1]!;
        node.Inputs[1] = new Tensor(weights.Name, weights.Type, weights.Shape, weights.Quantization, Grids is null
            ? Elements((output, weight) => (float)weight)
            : Elements((output, weight) => (sbyte)Grids[output].Integer(weight)));
        if (Bias is null)
            return;
        Tensor bias = node.Inputs[2]!;
        node.Inputs[2] = new Tensor(bias.Name, bias.Type, bias.Shape, bias.Quantization, Grids is null
            ? Array.ConvertAll(Bias, value => (float)value)
            : Bias.Select((value, output) => Grids[output].BiasInteger(value)).ToArray());
    }

    private static double[]? ReadBias(LinearNode layer, WeightGrid[]? grids)
    {
        if (layer.Node.InputOrNull(2) is not { IsConstant: true } bias || bias.Shape.ElementCount != layer.Outputs)
            return null;
        return grids is null
            ? Array.ConvertAll(bias.Reals(), value => (double)value)
            : bias.Data is int[] integers ? [.. integers.Select((value, output) => value * grids[output].BiasScale)] : null;
    }

    private T[] Elements<T>(Func<int, double, T> convert)
    {
        var elements = new T[Count];
        for (int output = 0; output < Rows.Length; output++)
        {
            for (int tap = 0; tap < Layer.Taps; tap++)
                elements[Layer.WeightIndex(output, tap)] = convert(output, Rows[output][tap]);
        }
        return elements;
    }
}
