using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Operators that rearrange blocks of elements.</summary>
internal static class Blocks
{
    /// <summary>DepthToSpace: channels become blocks of pixels, in either order of channels.</summary>
    public static Tensor DepthToSpace(OnnxNode node)
    {
        (Tensor x, int block) = Read(node);
        int channels = x.Shape[1] / (block * block);
        if (channels * block * block != x.Shape[1])
            throw node.Invalid($"{x.Shape[1]} channels are no blocks of {block} by {block}");
        bool columnsFirst = node.Attributes.Text("mode", "DCR") == "CRD";
        int height = x.Shape[2];
        int width = x.Shape[3];
        Tensor blocks = node.Reshape("blocks", x, columnsFirst
            ? new Shape(x.Shape[0], channels, block, block, height, width)
            : new Shape(x.Shape[0], block, block, channels, height, width));
        int[] order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
        return node.Reshape("", node.Transpose("order", blocks, order), new Shape(x.Shape[0], channels, height * block, width * block));
    }

    /// <summary>SpaceToDepth: blocks of pixels become channels.</summary>
    public static Tensor SpaceToDepth(OnnxNode node)
    {
        (Tensor x, int block) = Read(node);
        int height = x.Shape[2] / block;
        int width = x.Shape[3] / block;
        if (height * block != x.Shape[2] || width * block != x.Shape[3])
            throw node.Invalid($"{x.Shape} has no blocks of {block} by {block}");
        Tensor blocks = node.Reshape("blocks", x, new Shape(x.Shape[0], x.Shape[1], height, block, width, block));
        return node.Reshape("", node.Transpose("order", blocks, 0, 3, 5, 1, 2, 4), new Shape(x.Shape[0], x.Shape[1] * block * block, height, width));
    }

    /// <summary>Tile by constant counts.</summary>
    public static Tensor Tile(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long[] repeats = node.IntegerConstant(1) ?? throw node.Invalid("the counts are missing");
        if (repeats.Length != x.Shape.Rank || repeats.Any(count => count is < 1 or > OnnxErrors.MaxElements))
            throw node.Invalid($"the counts {string.Join('x', repeats)} do not fit {x.Shape}");
        var single = new List<int>();
        var repeated = new List<long>();
        for (int axis = 0; axis < repeats.Length; axis++)
        {
            if (repeats[axis] > 1)
            {
                single.Add(1);
                repeated.Add(repeats[axis]);
            }
            single.Add(x.Shape[axis]);
            repeated.Add(x.Shape[axis]);
        }
        Shape full = OnnxErrors.CheckedShape(repeated, $"Tile '{node.Name}'");
        Tensor spread = Shapes.Expand(node, node.Reshape("single", x, new Shape([.. single])), full);
        return node.Reshape("", spread, new Shape([.. x.Shape.Select((dimension, axis) => dimension * (int)repeats[axis])]));
    }

    private static (Tensor X, int Block) Read(OnnxNode node)
    {
        Tensor x = node.Input(0);
        long block = node.Attributes.Integer("blocksize", 0);
        if (x.Shape.Rank != 4 || block is < 1 or > 1024)
            throw node.Invalid($"the input has the shape {x.Shape}, the block the size {block}");
        return (x, (int)block);
    }
}
