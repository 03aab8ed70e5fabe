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

    /// <summary>Transposed convolution: the padding is that of the convolution from the output to the input.</summary>
    public static void TransposeConv2D(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(2);
        Tensor filter = source.ConstantInput(1);
        Shape output = source.Output.Shape;
        if (x.Shape.Rank != 4 || filter.Shape.Rank != 4 || output.Rank != 4)
            throw TfLiteImporter.Invalid($"'{source.Name}' needs 4-D tensors, not {x.Shape}, {filter.Shape} and {output}");
        var window = new Window(filter.Shape[1], filter.Shape[2], source.PositiveOption(2), source.PositiveOption(1));
        (int top, _) = Padding(source, output[1], window.KernelHeight, window.StrideHeight, 1);
        (int left, _) = Padding(source, output[2], window.KernelWidth, window.StrideWidth, 1);
        window = window with { PadTop = top, PadLeft = left };
        window = window with { PadBottom = window.TransposedHeight(x.Shape[1]) - output[1], PadRight = window.TransposedWidth(x.Shape[2]) - output[2] };
        TfLiteOperators.Add(graph, source, new TransposeConv2D(window, source.Activation(3)), x, filter, TfLiteLinear.Bias(source, 3));
    }

    public static void Resize(TfLiteNode source, ModelGraph graph, Operator op)
    {
        Shape x = source.Input(0).Shape;
        Shape output = source.Output.Shape;
        if (x.Rank != 4 || output.Rank != 4 || x[0] != output[0] || x[3] != output[3] || x.Concat(output).Any(size => size < 1))
            throw TfLiteImporter.Invalid($"'{source.Name}' resizes {x} to {output}");
        TfLiteOperators.Add(graph, source, op, source.Input(0));
    }

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
