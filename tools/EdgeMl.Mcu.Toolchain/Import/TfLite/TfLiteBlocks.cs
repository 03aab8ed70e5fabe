using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that move blocks between space and depth or batches: a transpose between two reshapes.</summary>
internal static class TfLiteBlocks
{
    /// <summary>[N, H*b, W*b, C] to [N, H, W, b*b*C].</summary>
    public static void SpaceToDepth(TfLiteNode source, ModelGraph graph)
    {
        (Shape x, int block) = DepthBlock(source);
        if (x[1] % block != 0 || x[2] % block != 0)
            throw TfLiteImporter.Invalid($"SPACE_TO_DEPTH '{source.Name}' cuts {x} into blocks of {block}");
        Move(source, graph, source.Input(0), [x[0], x[1] / block, block, x[2] / block, block, x[3]], [0, 1, 3, 2, 4, 5]);
    }

    /// <summary>[N, H, W, b*b*C] to [N, H*b, W*b, C].</summary>
    public static void DepthToSpace(TfLiteNode source, ModelGraph graph)
    {
        (Shape x, int block) = DepthBlock(source);
        if (x[3] % ((long)block * block) != 0)
            throw TfLiteImporter.Invalid($"DEPTH_TO_SPACE '{source.Name}' cuts {x} into blocks of {block}");
        Move(source, graph, source.Input(0), [x[0], x[1], x[2], block, block, x[3] / block / block], [0, 1, 3, 2, 4, 5]);
    }

    /// <summary>Pads, then [N, H*b, …] to [b*N, H, …] for each of the spatial axes; the block's position is the outer part of the batch.</summary>
    public static void SpaceToBatch(TfLiteNode source, ModelGraph graph)
    {
        (int[] blocks, int[] before, int[] after) = Blocks(source);
        Tensor x = source.Input(0);
        int spatial = blocks.Length;
        int[] padBefore = [0, .. before, .. new int[x.Shape.Rank - spatial - 1]];
        int[] padAfter = [0, .. after, .. new int[x.Shape.Rank - spatial - 1]];
        if (before.Concat(after).Any(amount => amount > 0))
            x = TfLiteSteps.Add(graph, source, new Pad(padBefore, padAfter, IntegerZero(x)), x, new Shape([.. x.Shape.Select((size, axis) => size + padBefore[axis] + padAfter[axis])]));
        Shape padded = x.Shape;
        List<int> split = [padded[0]];
        for (int i = 0; i < spatial; i++)
        {
            if (padded[i + 1] % blocks[i] != 0)
                throw TfLiteImporter.Invalid($"SPACE_TO_BATCH_ND '{source.Name}' cuts {padded} into blocks of [{string.Join(", ", blocks)}]");
            split.AddRange([padded[i + 1] / blocks[i], blocks[i]]);
        }
        IEnumerable<int> positions = Enumerable.Range(0, spatial).Select(i => 2 + (2 * i));
        IEnumerable<int> cells = Enumerable.Range(0, spatial).Select(i => 1 + (2 * i));
        Move(source, graph, x, [.. split, .. padded.Skip(1 + spatial)], [.. positions, 0, .. cells, .. Enumerable.Range(split.Count, padded.Rank - 1 - spatial)]);
    }

    /// <summary>[b*N, H, …] to [N, H*b, …] for each of the spatial axes, then crops.</summary>
    public static void BatchToSpace(TfLiteNode source, ModelGraph graph)
    {
        (int[] blocks, int[] before, int[] after) = Blocks(source);
        Tensor x = source.Input(0);
        int spatial = blocks.Length;
        long cells = blocks.Aggregate(1L, (product, block) => Math.Min(product * block, int.MaxValue));
        if (x.Shape[0] % cells != 0)
            throw TfLiteImporter.Invalid($"BATCH_TO_SPACE_ND '{source.Name}' joins {x.Shape[0]} batches to blocks of [{string.Join(", ", blocks)}]");
        int batches = (int)(x.Shape[0] / cells);
        IEnumerable<int> space = Enumerable.Range(0, spatial).SelectMany(i => new[] { spatial + 1 + i, i });
        int[] joined = [.. x.Shape.Skip(1).Select((size, i) => i < spatial ? checked(size * blocks[i]) : size)];
        var uncropped = new Shape([batches, .. joined]);
        int[] begin = [0, .. before, .. new int[x.Shape.Rank - spatial - 1]];
        int[] end = [0, .. after, .. new int[x.Shape.Rank - spatial - 1]];
        var cropped = new Shape([.. uncropped.Select((size, axis) => size - begin[axis] - end[axis])]);
        if (cropped.Any(size => size < 1) || cropped.ElementCount != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"BATCH_TO_SPACE_ND '{source.Name}' crops {uncropped} to {cropped}, but the file says {source.Output.Shape}");
        int[] permutation = [spatial, .. space, .. Enumerable.Range((2 * spatial) + 1, x.Shape.Rank - 1 - spatial)];
        Tensor moved = Permuted(source, graph, x, [.. blocks, batches, .. x.Shape.Skip(1)], permutation);
        if (cropped.Equals(uncropped))
        {
            TfLiteSteps.Finish(graph, moved, source.Output);
            return;
        }
        Tensor image = TfLiteSteps.Add(graph, source, new Reshape(), moved, uncropped);
        TfLiteSlices.Emit(graph, image, source.Output, begin, [.. Enumerable.Repeat(1, begin.Length)], cropped);
    }

    /// <summary>What the TensorFlow Lite reference pads blocks with: the integer 0, not the zero point.</summary>
    private static float IntegerZero(Tensor x) => x.Quantization is { } quantization ? -quantization.ZeroPoint * quantization.Scale : 0;

    private static (Shape Shape, int Block) DepthBlock(TfLiteNode source)
    {
        Shape x = source.Input(0).Shape;
        return x.Rank == 4 ? (x, source.PositiveOption(0)) : throw TfLiteImporter.Invalid($"'{source.Name}' needs a 4-D tensor, not {x}");
    }

    private static (int[] Blocks, int[] Before, int[] After) Blocks(TfLiteNode source)
    {
        int[] blocks = source.ConstantInts(1);
        int[] amounts = source.ConstantInts(2);
        if (blocks.Length == 0 || blocks.Length >= source.Input(0).Shape.Rank || amounts.Length != 2 * blocks.Length
            || Array.Exists(blocks, block => block is < 1 or > 1 << 15) || Array.Exists(amounts, amount => amount is < 0 or > 1 << 15))
            throw TfLiteImporter.Invalid($"'{source.Name}' has the blocks [{string.Join(", ", blocks)}] and amounts [{string.Join(", ", amounts)}] for {source.Input(0).Shape}");
        return (blocks, [.. amounts.Where((_, i) => i % 2 == 0)], [.. amounts.Where((_, i) => i % 2 == 1)]);
    }

    private static void Move(TfLiteNode source, ModelGraph graph, Tensor x, int[] split, int[] permutation)
    {
        if (x.Shape.ElementCount != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"'{source.Name}' moves {x.Shape} to {source.Output.Shape}");
        TfLiteSteps.Finish(graph, Permuted(source, graph, x, split, permutation), source.Output);
    }

    private static Tensor Permuted(TfLiteNode source, ModelGraph graph, Tensor x, int[] split, int[] permutation)
    {
        Tensor blocks = TfLiteSteps.Add(graph, source, new Reshape(), x, new Shape(split));
        return TfLiteSteps.Add(graph, source, new Transpose(permutation), blocks, blocks.Shape.Permute(permutation));
    }
}
