using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Runs NHWC operators on NCHW and NCW values: transposes around them, and height 1 for one-dimensional ones.</summary>
internal static class ChannelsLast
{
    /// <summary>Number of spatial axes of an [N,C,…] value.</summary>
    /// <exception cref="UnsupportedNodeException">Not one or two of them.</exception>
    public static int SpatialRank(OnnxNode node, Tensor x) => x.Shape.Rank switch
    {
        3 => 1,
        4 => 2,
        < 3 => throw node.Invalid($"the input '{x.Name}' has the shape {x.Shape}, which has no spatial axes"),
        _ => throw OnnxErrors.Unsupported($"an input with {x.Shape.Rank} dimensions"),
    };

    /// <summary>[N,C,H,W] or [N,C,W] as [N,H,W,C].</summary>
    public static Tensor FromSource(OnnxNode node, Tensor x)
    {
        if (x.Shape.Rank == 4)
            return node.Transpose("nhwc", x, 0, 2, 3, 1);
        Tensor last = node.Transpose("nwc", x, 0, 2, 1);
        return node.Reshape("nhwc", last, new Shape(last.Shape[0], 1, last.Shape[1], last.Shape[2]));
    }

    /// <summary>[N,H,W,C] as [N,C,H,W], or as [N,C,W] for a source of rank 3.</summary>
    public static Tensor ToSource(OnnxNode node, Tensor y, int sourceRank)
    {
        if (sourceRank == 4)
            return node.Transpose("nchw", y, 0, 3, 1, 2);
        Tensor flat = node.Reshape("nwc_out", y, new Shape(y.Shape[0], y.Shape[2], y.Shape[3]));
        return node.Transpose("ncw", flat, 0, 2, 1);
    }

    /// <summary>What <paramref name="compute"/> makes of the value with an axis moved to the end; the axis is moved back afterwards.</summary>
    public static Tensor OverLastAxis(OnnxNode node, Tensor x, int axis, Func<Tensor, Tensor> compute)
    {
        int rank = x.Shape.Rank;
        if (axis == rank - 1)
            return compute(x);
        int[] there = [.. Enumerable.Range(0, rank).Where(i => i != axis), axis];
        int[] back = [.. Enumerable.Range(0, rank).Select(i => Array.IndexOf(there, i))];
        return node.Transpose("back", compute(node.Transpose("last", x, there)), back);
    }
}
