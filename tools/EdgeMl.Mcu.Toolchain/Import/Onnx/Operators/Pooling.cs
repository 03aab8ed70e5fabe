using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Pools in one and two dimensions, and over the whole image.</summary>
internal static class Pooling
{
    /// <summary>MaxPool: x [N,C,…].</summary>
    public static Tensor Max(OnnxNode node)
    {
        // Only the second output, the indices, depends on it.
        node.Attributes.Ignore("storage_order");
        return Pool(node, Read(node).Window, window => new MaxPool2D(window));
    }

    /// <summary>AveragePool: x [N,C,…].</summary>
    public static Tensor Average(OnnxNode node)
    {
        Windows.Result result = Read(node);
        bool counted = node.Attributes.Flag("count_include_pad");
        // The elements that ceil_mode adds never count, the declared padding does.
        if (counted && result.HasCeilPadding)
            throw OnnxErrors.Unsupported("ceil_mode together with count_include_pad");
        return Pool(node, result.Window, window => new AveragePool2D(window, counted && window.HasPadding));
    }

    /// <summary>GlobalAveragePool: mean over all axes but the first two, which stay as 1.</summary>
    public static Tensor GlobalAverage(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        if (x.Shape.Rank < 3)
            throw node.Invalid($"the input has the shape {x.Shape}, which has no spatial axes");
        int[] axes = [.. Enumerable.Range(2, x.Shape.Rank - 2)];
        return node.Emit(new Mean(axes), Global(x.Shape), x);
    }

    /// <summary>GlobalMaxPool: maximum over all axes but the first two, which stay as 1.</summary>
    public static Tensor GlobalMax(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        ChannelsLast.SpatialRank(node, x);
        Tensor nhwc = ChannelsLast.FromSource(node, x);
        Tensor y = node.Emit(new MaxPool2D(new Window(nhwc.Shape[1], nhwc.Shape[2])), new Shape(x.Shape[0], 1, 1, x.Shape[1]), nhwc);
        return ChannelsLast.ToSource(node, y, x.Shape.Rank);
    }

    private static Shape Global(Shape shape) => new([.. shape.Select((dimension, axis) => axis < 2 ? dimension : 1)]);

    private static Windows.Result Read(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        int rank = ChannelsLast.SpatialRank(node, x);
        int[] kernel = Windows.KernelShape(node, rank) ?? throw node.Invalid("'kernel_shape' is missing");
        Windows.Result result = Windows.Read(node, [.. x.Shape.Skip(2)], kernel);
        Window window = result.Window;
        if (Math.Max(window.PadTop, window.PadBottom) > (window.KernelHeight - 1) * window.DilationHeight
            || Math.Max(window.PadLeft, window.PadRight) > (window.KernelWidth - 1) * window.DilationWidth)
        {
            throw OnnxErrors.Unsupported("padding as wide as the window");
        }
        return result;
    }

    private static Tensor Pool(OnnxNode node, Window window, Func<Window, Operator> create)
    {
        Tensor x = node.RealInput(0);
        Tensor nhwc = ChannelsLast.FromSource(node, x);
        Tensor y = node.Emit(create(window), Windows.OutputShape(window, nhwc.Shape, x.Shape[1]), nhwc);
        return ChannelsLast.ToSource(node, y, x.Shape.Rank);
    }
}
