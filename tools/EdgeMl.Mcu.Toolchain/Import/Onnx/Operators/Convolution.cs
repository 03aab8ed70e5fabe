using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Convolutions in one and two dimensions, dense, grouped and depthwise.</summary>
internal static class Convolution
{
    /// <summary>Conv: x [N,C,…], w [OC,C/groups,…], optional bias [OC].</summary>
    public static Tensor Conv(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        Tensor w = node.Weights(1);
        int rank = ChannelsLast.SpatialRank(node, x);
        if (w.Shape.Rank != x.Shape.Rank)
            throw node.Invalid($"the filter has the shape {w.Shape} for an input of the shape {x.Shape}");
        int[] kernel = [.. w.Shape.Skip(2)];
        if (w.Shape.Contains(0) || Windows.KernelShape(node, rank) is { } declared && !declared.AsSpan().SequenceEqual(kernel))
            throw node.Invalid($"the filter {w.Shape} does not have the declared kernel");
        long groups = node.Attributes.Integer("group", 1);
        int channels = x.Shape[1];
        int outputs = w.Shape[0];
        if (groups < 1 || channels % groups != 0 || outputs % groups != 0 || w.Shape[1] != channels / groups)
            throw node.Invalid($"the filter {w.Shape} does not fit {channels} channels in {groups} groups");

        Window window = Windows.Read(node, [.. x.Shape.Skip(2)], kernel).Window;
        bool depthwise = groups > 1 && groups == channels;
        Operator op = depthwise ? new DepthwiseConv2D(window) : new Conv2D(window);
        Tensor nhwc = ChannelsLast.FromSource(node, x);
        Tensor y = node.Emit(op, Windows.OutputShape(window, nhwc.Shape, outputs), nhwc, Filter(node, w, depthwise), Bias(node, 2, outputs));
        return ChannelsLast.ToSource(node, y, x.Shape.Rank);
    }

    // [OC,C/groups,KH,KW] to [OC,KH,KW,C/groups], or to [1,KH,KW,OC] for depthwise: there C/groups is 1, and both count
    // the outputs of a channel one after another.
    private static Tensor Filter(OnnxNode node, Tensor w, bool depthwise) =>
        node.Permuted("filter", TwoDimensional(node, w), depthwise ? [1, 2, 3, 0] : [0, 2, 3, 1]);

    /// <summary>A filter with height 1 where it has one spatial axis.</summary>
    public static Tensor TwoDimensional(OnnxNode node, Tensor w) => w.Shape.Rank == 4
        ? w
        : node.NewConstant("filter_2d", w, new Shape(w.Shape[0], w.Shape[1], 1, w.Shape[2]), w.Data!, w.Quantization);

    /// <summary>The constant bias of a convolution, or null.</summary>
    public static Tensor? Bias(OnnxNode node, int input, int outputs)
    {
        if (node.InputOrNull(input) is null)
            return null;
        Tensor bias = node.Weights(input);
        if (bias.Shape.ElementCount != outputs)
            throw node.Invalid($"the bias has the shape {bias.Shape} for {outputs} output channels");
        return bias.Shape.Rank == 1 ? bias : node.NewConstant("bias", new Shape(outputs), bias.Reals());
    }
}
