using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Batch normalisation and the softmax family.</summary>
internal static class Normalization
{
    /// <summary>BatchNormalization of a trained model: x [N,C,…], scale, offset, mean and variance [C].</summary>
    public static Tensor Batch(OnnxNode node)
    {
        node.Attributes.Ignore("momentum");
        if (node.Attributes.Flag("training_mode"))
            throw OnnxErrors.Unsupported("training mode");
        if (!node.Attributes.Flag("spatial", true))
            throw OnnxErrors.Unsupported("statistics for each element");
        Tensor x = node.RealInput(0);
        if (x.Shape.Rank < 2)
            throw node.Invalid($"the input has the shape {x.Shape}, which has no channel axis");
        Tensor[] statistics = [node.RealConstant(1), node.RealConstant(2), node.RealConstant(3), node.RealConstant(4)];
        foreach (Tensor statistic in statistics)
        {
            if (statistic.Shape.Rank != 1 || statistic.Shape[0] != x.Shape[1])
                throw node.Invalid($"'{statistic.Name}' has the shape {statistic.Shape} for {x.Shape[1]} channels");
        }
        var op = new BatchNormalization(node.Attributes.Real("epsilon", 1e-5f));
        return ChannelsLast.OverLastAxis(node, x, 1, last => node.Emit(op, last.Shape, [last, .. statistics]));
    }

    /// <summary>Softmax over an axis, or over all axes from one on (before operator set 13).</summary>
    public static Tensor Softmax(OnnxNode node) => OverAxis(node, () => new Softmax());

    /// <summary>Logarithm of softmax over an axis, or over all axes from one on (before operator set 13).</summary>
    public static Tensor LogSoftmax(OnnxNode node) => OverAxis(node, () => new LogSoftmax());

    private static Tensor OverAxis(OnnxNode node, Func<Operator> create)
    {
        Tensor x = node.RealInput(0);
        int rank = x.Shape.Rank;
        if (rank == 0)
            throw node.Invalid("the input has no axes");
        if (node.Opset >= 13)
        {
            int axis = node.Axis(node.Attributes.Integer("axis", -1), rank);
            return ChannelsLast.OverLastAxis(node, x, axis, last => node.Emit(create(), last.Shape, last));
        }
        int first = node.Axis(node.Attributes.Integer("axis", 1), rank, inclusive: true);
        if (first == rank - 1)
            return node.Emit(create(), x.Shape, x);
        Tensor rows = node.Reshape("rows", x, Shapes.TwoDimensional(x.Shape, first));
        return node.Reshape("shape", node.Emit(create(), rows.Shape, rows), x.Shape);
    }
}
