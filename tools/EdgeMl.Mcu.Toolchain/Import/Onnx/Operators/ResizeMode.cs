using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>One axis of a resize: its sizes and the scale, which is not always their quotient.</summary>
internal sealed record ResizedAxis(int Input, int Output, double Scale);

/// <summary>How ONNX's Resize finds the elements of an axis (specification of Resize-19).</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Transformation">Where an output element lies in the input.</param>
/// <param name="Rounding">How nearest rounds a position.</param>
/// <param name="CubicCoefficient">The coefficient a of the cubic convolution (Keys 1981).</param>
/// <param name="ExcludesOutside">Whether taps outside the input get no weight; otherwise they repeat the edge.</param>
internal sealed record ResizeMode(string Mode, string Transformation, string Rounding, double CubicCoefficient = -0.75, bool ExcludesOutside = false)
{
    /// <summary>Whether elements are only selected.</summary>
    public bool IsNearest => Mode == "nearest";

    /// <summary>Whether an axis keeps its elements.</summary>
    public bool IsIdentity(ResizedAxis axis) =>
        axis.Input == axis.Output && Enumerable.Range(0, axis.Output).All(i => Math.Abs(Position(axis, i) - i) < 1e-6);

    /// <summary>Index of the input element that each output element takes.</summary>
    public int[] Nearest(ResizedAxis axis) =>
        [.. Enumerable.Range(0, axis.Output).Select(i => (int)Math.Clamp(Round(Position(axis, i)), 0, axis.Input - 1))];

    /// <summary>Weights [output, input] of an interpolation.</summary>
    public float[] Weights(ResizedAxis axis)
    {
        var weights = new float[axis.Output * axis.Input];
        for (int i = 0; i < axis.Output; i++)
        {
            double position = Position(axis, i);
            int first = (int)Math.Floor(position);
            double[] taps = Taps(position - first);
            int start = first - (taps.Length / 2) + 1;
            if (ExcludesOutside)
                Exclude(taps, start, axis.Input);
            for (int tap = 0; tap < taps.Length; tap++)
                weights[(i * axis.Input) + Math.Clamp(start + tap, 0, axis.Input - 1)] += (float)taps[tap];
        }
        return weights;
    }

    /// <summary>The operator on height and width that does the same, or null.</summary>
    /// <param name="source">Shape [N,C,H,W] or [N,C,W] of the input.</param>
    /// <param name="plan">The axes that change.</param>
    /// <param name="input">The input's NHWC shape.</param>
    /// <param name="output">The output's NHWC shape.</param>
    public Operator? Whole(Shape source, IReadOnlyDictionary<int, ResizedAxis> plan, Shape input, Shape output)
    {
        if (IsNearest)
        {
            foreach ((bool alignCorners, bool halfPixels) in new[] { (false, false), (false, true), (true, false) })
            {
                var op = new ResizeNearest(alignCorners, halfPixels);
                int[]?[] selected = AxisSelection.Of(op, input, output);
                if (plan.All(entry => Nearest(entry.Value).AsSpan().SequenceEqual(selected[entry.Key - source.Rank + 3] ?? [.. Enumerable.Range(0, entry.Value.Output)])))
                    return op;
            }
            return null;
        }
        if (Mode != "linear" || plan.Values.Any(axis => Math.Abs(axis.Scale * axis.Input / axis.Output - 1) > 1e-6 && Transformation != "align_corners"))
            return null;
        return Transformation switch
        {
            "asymmetric" => new ResizeBilinear(false, false),
            "half_pixel" => new ResizeBilinear(false, true),
            "pytorch_half_pixel" when plan.Values.All(axis => axis.Output > 1) => new ResizeBilinear(false, true),
            "align_corners" when plan.Values.All(axis => axis.Output > 1) => new ResizeBilinear(true, false),
            _ => null,
        };
    }

    private double Position(ResizedAxis axis, int i) => Transformation switch
    {
        "asymmetric" => i / axis.Scale,
        "half_pixel" => ((i + 0.5) / axis.Scale) - 0.5,
        "pytorch_half_pixel" => axis.Output > 1 ? ((i + 0.5) / axis.Scale) - 0.5 : 0,
        "half_pixel_symmetric" => (axis.Input / 2.0 * (1 - (axis.Output / (axis.Scale * axis.Input)))) + ((i + 0.5) / axis.Scale) - 0.5,
        "tf_half_pixel_for_nn" => (i + 0.5) / axis.Scale,
        "align_corners" => axis.Output > 1 ? (double)i * (axis.Input - 1) / (axis.Output - 1) : 0,
        _ => throw OnnxErrors.Unsupported($"coordinate_transformation_mode '{Transformation}'"),
    };

    private double Round(double position) => Rounding switch
    {
        "round_prefer_floor" => Math.Ceiling(position - 0.5),
        "round_prefer_ceil" => Math.Floor(position + 0.5),
        "floor" => Math.Floor(position),
        "ceil" => Math.Ceiling(position),
        _ => throw OnnxErrors.Unsupported($"nearest_mode '{Rounding}'"),
    };

    private double[] Taps(double fraction)
    {
        if (Mode == "linear")
            return [1 - fraction, fraction];
        if (Mode != "cubic")
            throw OnnxErrors.Unsupported($"mode '{Mode}'");
        return [Far(1 + fraction), Near(fraction), Near(1 - fraction), Far(2 - fraction)];
    }

    private double Near(double x) => ((((CubicCoefficient + 2) * x) - (CubicCoefficient + 3)) * x * x) + 1;

    private double Far(double x) => CubicCoefficient * ((((((x - 5) * x) + 8) * x)) - 4);

    private static void Exclude(double[] taps, int start, int size)
    {
        for (int tap = 0; tap < taps.Length; tap++)
        {
            if (start + tap < 0 || start + tap >= size)
                taps[tap] = 0;
        }
        double sum = taps.Sum();
        for (int tap = 0; tap < taps.Length; tap++)
            taps[tap] /= sum;
    }
}
