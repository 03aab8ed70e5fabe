using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes.Channels;

/// <summary>Bounds of the outputs of operators other than linear layers: the values at the corners of the inputs' bounds, by the kernel itself.</summary>
/// <remarks>
/// Sound where the operator, as the device computes it, is monotone in each element of its inputs: moves and comparisons; sums of integers; divisions by a
/// constant with rounding half away from zero; requantisation (<see cref="AccumulatorBounds"/>). <see cref="WrapsNowhere"/> holds the scales within
/// which no step of them leaves int32. Functions of one value are looked up for each value of the interval.
/// </remarks>
internal static class OperatorBounds
{
    private const int TapsLimit = 1 << 22;

    /// <summary>Bounds of each output channel; null where nothing is known.</summary>
    /// <param name="node">A node whose tensors are all int8.</param>
    /// <param name="intervals">Bounds of each channel of a tensor.</param>
    public static ValueInterval[]? Of(Node node, Func<Tensor, ValueInterval[]> intervals)
    {
        if (node.Outputs.Count != 1 || !WrapsNowhere(node))
            return null;
        return node.Operator switch
        {
            Unary or Quantize when !node.Input.IsConstant => Lookup(node, intervals(node.Input)),
            Reshape or Transpose or StridedSlice or Concatenation or Pad or MirrorPad or Gather or BroadcastTo or ResizeNearest
                or MaxPool2D or AveragePool2D or Mean or Reduce { Kind: ReduceKind.Max or ReduceKind.Min }
                or Binary { Kind: BinaryKind.Add or BinaryKind.Maximum or BinaryKind.Minimum } => Corners(node, intervals, [false, false], [true, true]),
            Binary { Kind: BinaryKind.Sub } => Corners(node, intervals, [false, true], [true, false]),
            Binary { Kind: BinaryKind.Mul } => Corners(node, intervals, [false, false], [false, true], [true, false], [true, true]),
            _ => null,
        };
    }

    /// <summary>Whether the arithmetic of a node stays within int32 for every input.</summary>
    private static bool WrapsNowhere(Node node)
    {
        if (node.Inputs.Contains(null) || node.Inputs.Append(node.Output).Any(tensor => tensor!.Quantization is not { IsPerChannel: false, Scale: > 0 }))
            return false;
        double output = node.Output.Quantization!.Scale;
        double[] inputs = [.. node.Inputs.Select(input => (double)input!.Quantization!.Scale)];
        return node.Operator switch
        {
            // |x - zp| < 2^8 with 20 more bits is at most halved; the sum stays below 2^28.
            Binary { Kind: BinaryKind.Add or BinaryKind.Sub } => 2 * inputs.Max() / ((1 << 20) * output) < 4,
            // The product is below 2^16.
            Binary { Kind: BinaryKind.Mul } => inputs[0] * inputs[1] / output < 1 << 14,
            // A sum of n values is below 2^8 n, and its factor 1 / n of the ratio of scales; the shift to the left is at most by the ratio's exponent less log2 n.
            Mean mean => mean.Axes.Aggregate(1L, (taps, axis) => taps * node.Input.Shape[axis]) <= TapsLimit && inputs[0] / output < 1 << 20,
            AveragePool2D pool => (long)pool.Window.KernelHeight * pool.Window.KernelWidth <= TapsLimit && KeepsQuantization(node),
            Unary or Quantize => true,
            _ => KeepsQuantization(node),
        };
    }

    private static bool KeepsQuantization(Node node) => node.Inputs.TrueForAll(input => input!.Quantization!.SameAs(node.Output.Quantization));

    private static ValueInterval[]? Lookup(Node node, ValueInterval[] inputs)
    {
        sbyte[] values = [.. Enumerable.Range(sbyte.MinValue, 256).Select(value => (sbyte)value)];
        if (NodeExecution.TryCreate(node, new Shape(values.Length)) is not { } execution)
            return null;
        sbyte[] table = execution.Run(values);
        return Array.ConvertAll(inputs, input =>
        {
            Span<sbyte> results = table.AsSpan(input.Low - sbyte.MinValue, input.High - input.Low + 1);
            sbyte low = sbyte.MaxValue;
            sbyte high = sbyte.MinValue;
            foreach (sbyte result in results)
                (low, high) = (Math.Min(low, result), Math.Max(high, result));
            return new ValueInterval(low, high);
        });
    }

    /// <summary>The hull of the node's outputs at corners: for each input whether it is at its upper bound; of more than two inputs the last entry counts for the rest.</summary>
    private static ValueInterval[]? Corners(Node node, Func<Tensor, ValueInterval[]> intervals, params bool[][] corners)
    {
        if (node.Inputs.TrueForAll(input => input!.IsConstant) || NodeExecution.TryCreate(node) is not { } execution)
            return null;
        ValueInterval[]? hull = null;
        foreach (bool[] isUpper in corners)
        {
            var inputs = new List<sbyte[]>();
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                Tensor input = node.Inputs[i]!;
                if (!input.IsConstant)
                    inputs.Add(Fill(input, intervals(input), isUpper[Math.Min(i, 1)]));
            }
            ValueInterval[] values = Hull(execution.Run([.. inputs]), node.Output.Channels());
            hull = hull is null ? values : [.. hull.Zip(values, (a, b) => a.Hull(b))];
        }
        return hull;
    }

    private static sbyte[] Fill(Tensor tensor, ValueInterval[] channels, bool isUpper)
    {
        var values = new sbyte[tensor.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (sbyte)(isUpper ? channels[i % channels.Length].High : channels[i % channels.Length].Low);
        return values;
    }

    /// <summary>The least intervals that hold the values of each channel.</summary>
    public static ValueInterval[] Hull(sbyte[] values, int channels)
    {
        var hull = new ValueInterval[channels];
        for (int i = 0; i < values.Length; i++)
        {
            var value = new ValueInterval(values[i], values[i]);
            hull[i % channels] = i < channels ? value : hull[i % channels].Hull(value);
        }
        return hull;
    }
}
