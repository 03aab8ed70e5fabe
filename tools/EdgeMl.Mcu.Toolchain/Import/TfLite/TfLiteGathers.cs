using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Selections by constant indices. The tensor is seen as [outer, axis, inner], so that one axis is left to select from.</summary>
internal static class TfLiteGathers
{
    /// <summary>Slices along an axis; with batch dimensions each batch has its own indices, and the batches are joined with the axis.</summary>
    public static void Gather(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        int axis = source.Axis(source.IntOption(0), x.Rank);
        if (!source.Input(1).IsConstant)
        {
            GatherElements(source, graph, axis);
            return;
        }
        Shape indexShape = source.ConstantInput(1).Shape;
        int[] indices = source.ConstantInts(1);
        int batchDimensions = source.IntOption(1);
        if (batchDimensions < 0)
            batchDimensions += indexShape.Rank;
        if (x.Contains(0) || batchDimensions < 0 || batchDimensions > Math.Min(axis, indexShape.Rank) || !x.Take(batchDimensions).SequenceEqual(indexShape.Take(batchDimensions)))
            throw TfLiteImporter.Invalid($"GATHER '{source.Name}' has {batchDimensions} batch dimensions for {x} and indices {indexShape}");
        RequireBelow(source, indices, x[axis]);
        int batches = Product(x.Take(batchDimensions));
        int outer = Product(x.Take(axis)) / batches;
        int perBatch = indices.Length / batches;
        var flat = new List<int>();
        for (int row = 0; row < (batchDimensions == 0 ? 1 : batches * outer); row++)
        {
            for (int i = 0; i < perBatch; i++)
                flat.Add((row * x[axis]) + indices[(row / (batchDimensions == 0 ? 1 : outer) * perBatch) + i]);
        }
        Shape view = batchDimensions == 0
            ? new Shape(outer, x[axis], Product(x.Skip(axis + 1)))
            : new Shape(1, batches * outer * x[axis], Product(x.Skip(axis + 1)));
        Select(source, graph, view, [.. flat]);
    }

    /// <summary>Each row of the indices names an element, or a slice where it has fewer entries than dimensions.</summary>
    public static void GatherNd(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        Shape indexShape = source.ConstantInput(1).Shape;
        int[] indices = source.ConstantInts(1);
        int depth = indexShape.Rank == 0 ? 0 : indexShape[-1];
        if (depth < 1 || depth > x.Rank)
            throw TfLiteImporter.Invalid($"GATHER_ND '{source.Name}' has indices of {depth} dimensions for {x}");
        var flat = new int[indices.Length / depth];
        for (int i = 0; i < flat.Length; i++)
        {
            int[] index = indices[(i * depth)..((i + 1) * depth)];
            for (int axis = 0; axis < depth; axis++)
            {
                RequireBelow(source, [index[axis]], x[axis]);
                flat[i] = (flat[i] * x[axis]) + index[axis];
            }
        }
        Select(source, graph, new Shape(1, Product(x.Take(depth)), Product(x.Skip(depth))), flat);
    }

    private static void GatherElements(TfLiteNode source, ModelGraph graph, int axis)
    {
        if (source.IntOption(1) != 0)
            throw new UnsupportedNodeException("batch dimensions and indices that are computed at run time");
        if (source.Input(1).Type is not (ElementType.Int16 or ElementType.Int32 or ElementType.Int64))
            throw TfLiteImporter.Invalid($"GATHER '{source.Name}' has indices of type {source.Input(1).Type.JsonName()}");
        TfLiteOperators.Add(graph, source, new GatherElements(axis), source.Input(0), source.Input(1));
    }

    private static void Select(TfLiteNode source, ModelGraph graph, Shape view, int[] indices)
    {
        Shape selected = view.With(1, indices.Length);
        if (selected.ElementCount != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{source.Name}' selects {selected} elements, but the file says {source.Output.Shape}");
        Tensor rows = TfLiteSteps.Add(graph, source, new Reshape(), source.Input(0), view);
        TfLiteSteps.Finish(graph, TfLiteSteps.Add(graph, source, new Gather(indices, 1), rows, selected), source.Output);
    }

    private static void RequireBelow(TfLiteNode source, int[] indices, int size)
    {
        if (indices.Length == 0 || Array.Exists(indices, index => index < 0 || index >= size))
            throw TfLiteImporter.Invalid($"'{source.Name}' selects elements [{string.Join(", ", indices)}] of {size}");
    }

    private static int Product(IEnumerable<int> dimensions) => dimensions.Aggregate(1, (product, dimension) => product * dimension);
}
