using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Transposed convolutions in one and two dimensions.</summary>
internal static class TransposedConvolution
{
    /// <summary>ConvTranspose: x [N,C,…], w [C,OC/groups,…], optional bias [OC]. Groups become a dense filter with zeros between them.</summary>
    public static Tensor ConvTranspose(OnnxNode node)
    {
        Tensor x = node.RealInput(0);
        Tensor w = node.Weights(1);
        int rank = ChannelsLast.SpatialRank(node, x);
        if (w.Shape.Rank != x.Shape.Rank || w.Shape.Contains(0) || w.Shape[0] != x.Shape[1])
            throw node.Invalid($"the filter has the shape {w.Shape} for an input of the shape {x.Shape}");
        int[] kernel = [.. w.Shape.Skip(2)];
        if (Windows.KernelShape(node, rank) is { } declared && !declared.AsSpan().SequenceEqual(kernel))
            throw node.Invalid($"the filter {w.Shape} does not have the declared kernel");
        long groups = node.Attributes.Integer("group", 1);
        if (groups < 1 || x.Shape[1] % groups != 0)
            throw node.Invalid($"{x.Shape[1]} channels cannot be in {groups} groups");
        if (groups > 1)
            w = Dense(node, w, (int)groups);

        Window window = Windows.ReadTransposed(node, [.. x.Shape.Skip(2)], kernel);
        Tensor nhwc = ChannelsLast.FromSource(node, x);
        int outputs = w.Shape[1];
        var shape = new Shape(nhwc.Shape[0], window.TransposedHeight(nhwc.Shape[1]), window.TransposedWidth(nhwc.Shape[2]), outputs);
        if (shape[1] < 1 || shape[2] < 1)
            throw node.Invalid($"the output would have the shape {shape}");
        Tensor filter = node.Permuted("filter", Convolution.TwoDimensional(node, w), 1, 2, 3, 0);
        Tensor y = node.Emit(new TransposeConv2D(window), shape, nhwc, filter, Convolution.Bias(node, 2, outputs));
        return ChannelsLast.ToSource(node, y, x.Shape.Rank);
    }

    private static Tensor Dense(OnnxNode node, Tensor w, int groups)
    {
        int channels = w.Shape[0];
        int perGroup = w.Shape[1];
        int taps = w.Shape.ElementCount / (channels * perGroup);
        Shape shape = OnnxErrors.CheckedShape([channels, (long)perGroup * groups, .. w.Shape.Skip(2).Select(d => (long)d)], "a dense filter");
        float[] grouped = w.Reals();
        var dense = new float[shape.ElementCount];
        for (int channel = 0; channel < channels; channel++)
        {
            int first = channel / (channels / groups) * perGroup;
            Array.Copy(grouped, channel * perGroup * taps, dense, ((channel * perGroup * groups) + first) * taps, perGroup * taps);
        }
        return node.NewConstant("dense", shape, dense);
    }
}
