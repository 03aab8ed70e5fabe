using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Convolutions in one and two dimensions, dense, grouped and depthwise.</summary>
internal static class Convolution
{
    /// <summary>Conv: x [N,C,…], w [OC,C/groups,…], optional bias [OC].</summary>
    public static Tensor Conv(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        Tensor w = node.RealConstant(1);
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
        Tensor y = node.Emit(op, Windows.OutputShape(window, nhwc.Shape, outputs), nhwc, Filter(node, w, depthwise), Bias(node, outputs));
        return ChannelsLast.ToSource(node, y, x.Shape.Rank);
    }

    // [OC,C/groups,KH,KW] to [OC,KH,KW,C/groups], or to [1,KH,KW,OC] for depthwise: there C/groups is 1, and both count
    // the outputs of a channel one after another.
    private static Tensor Filter(OnnxNode node, Tensor w, bool depthwise)
    {
        Shape shape = w.Shape.Rank == 4 ? w.Shape : new Shape(w.Shape[0], w.Shape[1], 1, w.Shape[2]);
        int[] permutation = depthwise ? [1, 2, 3, 0] : [0, 2, 3, 1];
        return node.NewConstant("filter", w.Type, shape.Permute(permutation), ConstantData.Transpose(w.Data!, shape, permutation));
    }

    private static Tensor? Bias(OnnxNode node, int outputs)
    {
        if (node.InputOrNull(2) is null)
            return null;
        Tensor bias = node.RealConstant(2);
        return bias.Shape.ElementCount == outputs
            ? node.Reshape("bias", bias, new Shape(outputs))
            : throw node.Invalid($"the bias has the shape {bias.Shape} for {outputs} output channels");
    }
}
