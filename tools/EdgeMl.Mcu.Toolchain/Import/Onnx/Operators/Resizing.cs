using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Resize and Upsample: the device's own resizes where they are the same, otherwise a selection or a matrix product along each axis.</summary>
internal static class Resizing
{
    private const int MaxWeights = 1 << 20;

    /// <summary>Upsample by constant scales.</summary>
    public static Tensor Upsample(OnnxNode node)
    {
        float[] scales = node.Opset >= 9
            ? node.RealConstant(1).Reals()
            : node.Attributes.Reals("scales") ?? throw node.Invalid("the scales are missing");
        string mode = node.Attributes.Text("mode", "nearest");
        return Resize(node, new ResizeMode(mode, "asymmetric", "floor"), scales, null);
    }

    /// <summary>Resize to constant scales or sizes.</summary>
    public static Tensor Resize(OnnxNode node)
    {
        string mode = node.Attributes.Text("mode", "nearest");
        if (node.Opset < 11)
            return Resize(node, new ResizeMode(mode, "asymmetric", "floor"), node.RealConstant(1).Reals(), null);
        node.Attributes.Ignore("extrapolation_value");
        if (node.Attributes.Flag("antialias"))
            throw OnnxErrors.Unsupported("antialias");
        if (node.Attributes.Text("keep_aspect_ratio_policy", "stretch") is not "stretch" and var policy)
            throw OnnxErrors.Unsupported($"keep_aspect_ratio_policy '{policy}'");
        var resize = new ResizeMode(
            mode,
            node.Attributes.Text("coordinate_transformation_mode", "half_pixel"),
            node.Attributes.Text("nearest_mode", "round_prefer_floor"),
            node.Attributes.Real("cubic_coeff_a", -0.75f),
            node.Attributes.Flag("exclude_outside"));
        float[]? scales = node.InputOrNull(2) is { } given && given.Shape.ElementCount > 0 ? node.RealConstant(2).Reals() : null;
        return Resize(node, resize, scales, node.IntegerConstant(3));
    }

    private static Tensor Resize(OnnxNode node, ResizeMode mode, float[]? scales, long[]? sizes)
    {
        Tensor x = node.RealInput(0);
        int rank = x.Shape.Rank;
        int[] axes = node.Attributes.Integers("axes") is { } listed ? [.. listed.Select(axis => node.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
        if ((scales?.Length ?? sizes?.Length) != axes.Length || axes.Distinct().Count() != axes.Length)
            throw node.Invalid($"{scales?.Length ?? sizes?.Length ?? 0} scales or sizes are given for {axes.Length} axes");
        var plan = new SortedDictionary<int, ResizedAxis>();
        for (int i = 0; i < axes.Length; i++)
        {
            int input = x.Shape[axes[i]];
            double output = sizes is null ? Math.Floor((double)input * scales![i]) : sizes[i];
            if (!(output is >= 1 and <= OnnxErrors.MaxElements))
                throw node.Invalid($"axis {axes[i]} would have {output} elements");
            var axis = new ResizedAxis(input, (int)output, sizes is null ? scales![i] : (float)output / input);
            if (!mode.IsIdentity(axis))
                plan[axes[i]] = axis;
        }
        return Whole(node, mode, x, plan) ?? plan.Aggregate(x, (tensor, entry) => Along(node, mode, tensor, entry.Key, entry.Value));
    }

    // Height and width at once, as the device's operators do it.
    private static Tensor? Whole(OnnxNode node, ResizeMode mode, Tensor x, SortedDictionary<int, ResizedAxis> plan)
    {
        if (x.Shape.Rank is not (3 or 4) || plan.Count == 0 || plan.Keys.First() < 2)
            return null;
        Shape target = plan.Aggregate(x.Shape, (shape, entry) => shape.With(entry.Key, entry.Value.Output));
        Tensor nhwc = ChannelsLast.FromSource(node, x);
        var shape = new Shape(target[0], target.Rank == 4 ? target[2] : 1, target[-1], target[1]);
        if (mode.Whole(x.Shape, plan, nhwc.Shape, shape) is not { } op)
            return null;
        return ChannelsLast.ToSource(node, node.Emit(op, shape, nhwc), x.Shape.Rank);
    }

    private static Tensor Along(OnnxNode node, ResizeMode mode, Tensor x, int axis, ResizedAxis resized)
    {
        if (mode.IsNearest)
            return Slicing.Select(node, "nearest", x, axis, mode.Nearest(resized));
        if ((long)resized.Input * resized.Output > MaxWeights)
            throw OnnxErrors.Unsupported($"interpolation of {resized.Input} to {resized.Output} elements");
        Tensor weights = node.NewConstant("interpolation", new Shape(resized.Output, resized.Input), mode.Weights(resized));
        return ChannelsLast.OverLastAxis(node, x, axis, last => node.Emit(new FullyConnected(), last.Shape.With(-1, resized.Output), last, weights, null));
    }
}
