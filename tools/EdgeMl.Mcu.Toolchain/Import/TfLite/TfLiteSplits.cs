using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that cut a tensor into several: each piece is a slice.</summary>
internal static class TfLiteSplits
{
    /// <summary>Pieces of equal size along an axis.</summary>
    public static void Split(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(1);
        int axis = Axis(source, 0, x);
        if (x.Shape[axis] % source.Outputs.Length != 0)
            throw TfLiteImporter.Invalid($"SPLIT '{source.Name}' cuts {x.Shape[axis]} elements into {source.Outputs.Length} pieces");
        Cut(source, graph, x, axis, [.. Enumerable.Repeat(x.Shape[axis] / source.Outputs.Length, source.Outputs.Length)]);
    }

    /// <summary>Pieces of given sizes; one of them may be -1, the rest.</summary>
    public static void SplitV(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(0);
        int axis = Axis(source, 2, x);
        int[] sizes = source.ConstantInts(1);
        int rest = Array.IndexOf(sizes, -1);
        if (rest >= 0)
            sizes[rest] = (int)Math.Clamp(x.Shape[axis] - (sizes.Sum(size => (long)size) + 1), -1, x.Shape[axis]);
        Cut(source, graph, x, axis, sizes);
    }

    /// <summary>Pieces of size 1 along an axis, which they lose.</summary>
    public static void Unpack(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(0);
        Cut(source, graph, x, source.Axis(source.IntOption(1), x.Shape.Rank), [.. Enumerable.Repeat(1, source.Outputs.Length)]);
    }

    private static int Axis(TfLiteNode source, int input, Tensor x)
    {
        int[] axis = source.ConstantInts(input);
        return axis.Length == 1 ? source.Axis(axis[0], x.Shape.Rank) : throw TfLiteImporter.Invalid($"'{source.Name}' is cut along {axis.Length} axes");
    }

    private static void Cut(TfLiteNode source, ModelGraph graph, Tensor x, int axis, int[] sizes)
    {
        if (sizes.Length != source.Outputs.Length || Array.Exists(sizes, size => size < 1) || sizes.Sum(size => (long)size) != x.Shape[axis])
            throw TfLiteImporter.Invalid($"'{source.Name}' cuts {x.Shape} into pieces of [{string.Join(", ", sizes)}] for {source.Outputs.Length} outputs");
        var begin = new int[x.Shape.Rank];
        int[] steps = [.. Enumerable.Repeat(1, x.Shape.Rank)];
        for (int i = 0; i < sizes.Length; i++)
        {
            Tensor output = source.Outputs[i];
            Shape piece = x.Shape.With(axis, sizes[i]);
            if (piece.ElementCount != output.Shape.ElementCount)
                throw TfLiteImporter.Invalid($"'{output.Name}' is {output.Shape}, a piece is {piece}");
            TfLiteSlices.Emit(graph, x, output, (int[])begin.Clone(), steps, piece);
            begin[axis] += sizes[i];
        }
    }
}
