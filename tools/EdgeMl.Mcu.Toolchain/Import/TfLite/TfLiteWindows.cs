using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Convolutions and pools.</summary>
internal static class TfLiteWindows
{
    private const int PaddingSame = 0;

    public static void Conv2D(TfLiteNode source, ModelGraph graph)
    {
        Tensor filter = source.ConstantInput(1);
        RequireImages(source, filter);
        Window window = MakeWindow(source, filter.Shape[1], filter.Shape[2], source.PositiveOption(2), source.PositiveOption(1), source.PositiveOption(5, 1), source.PositiveOption(4, 1));
        TfLiteOperators.Add(graph, source, new Conv2D(window, source.Activation(3)), source.Input(0), filter, TfLiteLinear.Bias(source));
    }

    public static void DepthwiseConv2D(TfLiteNode source, ModelGraph graph)
    {
        Tensor filter = source.ConstantInput(1);
        RequireImages(source, filter);
        Window window = MakeWindow(source, filter.Shape[1], filter.Shape[2], source.PositiveOption(2), source.PositiveOption(1), source.PositiveOption(6, 1), source.PositiveOption(5, 1));
        TfLiteOperators.Add(graph, source, new DepthwiseConv2D(window, source.Activation(4)), source.Input(0), filter, TfLiteLinear.Bias(source));
    }

    public static void AveragePool2D(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new AveragePool2D(PoolWindow(source), false, source.Activation(5)), source.Input(0));

    public static void MaxPool2D(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new MaxPool2D(PoolWindow(source), source.Activation(5)), source.Input(0));

    private static Window PoolWindow(TfLiteNode source)
    {
        RequireImages(source, null);
        return MakeWindow(source, source.PositiveOption(4), source.PositiveOption(3), source.PositiveOption(2), source.PositiveOption(1), 1, 1);
    }

    private static void RequireImages(TfLiteNode source, Tensor? filter)
    {
        if (source.Input(0).Shape.Rank != 4 || filter is { Shape.Rank: not 4 })
            throw TfLiteImporter.Invalid($"'{source.Name}' needs 4-D tensors, not {source.Input(0).Shape}{(filter is null ? "" : $" and {filter.Shape}")}");
    }

    private static Window MakeWindow(TfLiteNode source, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int dilationHeight, int dilationWidth)
    {
        Shape input = source.Input(0).Shape;
        (int top, int bottom) = Padding(source, input[1], kernelHeight, strideHeight, dilationHeight);
        (int left, int right) = Padding(source, input[2], kernelWidth, strideWidth, dilationWidth);
        return new Window(kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left, bottom, right);
    }

    /// <summary>SAME padding puts the odd row or column behind.</summary>
    private static (int Before, int After) Padding(TfLiteNode source, int size, int taps, int stride, int dilation)
    {
        if (source.ByteOption(0) != PaddingSame)
            return (0, 0);
        int outputs = (size + stride - 1) / stride;
        long total = Math.Max((((long)outputs - 1) * stride) + ((taps - 1L) * dilation) + 1 - size, 0);
        if (total > 1 << 15)
            throw TfLiteImporter.Invalid($"'{source.Name}' has a padding of {total}");
        return ((int)(total / 2), (int)(total - (total / 2)));
    }
}
