using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators over whole axes.</summary>
internal static class TfLiteReductions
{
    public static void Mean(TfLiteNode source, ModelGraph graph) => TfLiteOperators.Add(graph, source, new Mean(Axes(source)), source.Input(0));

    public static void Reduce(TfLiteNode source, ModelGraph graph, ReduceKind kind) =>
        TfLiteOperators.Add(graph, source, new Reduce(kind, Axes(source)), source.Input(0));

    /// <summary>The reduced axes, after a check that the rest are the output's elements.</summary>
    private static int[] Axes(TfLiteNode source)
    {
        Shape x = source.Input(0).Shape;
        int[] axes = [.. source.ConstantInts(1).Select(axis => source.Axis(axis, x.Rank)).Distinct().Order()];
        int kept = 1;
        for (int axis = 0; axis < x.Rank; axis++)
            kept *= axes.Contains(axis) ? 1 : x[axis];
        return kept == source.Output.Shape.ElementCount
            ? axes
            : throw TfLiteImporter.Invalid($"'{source.Name}' over axes [{string.Join(", ", axes)}] of {x} does not give {source.Output.Shape}");
    }

    public static void AddN(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new AddN(source.Output.Type == ElementType.Int8), [.. Enumerable.Range(0, source.Inputs.Length).Select(source.Input)]);

    public static void CumSum(TfLiteNode source, ModelGraph graph)
    {
        int[] axis = source.ConstantInts(1);
        if (axis.Length != 1)
            throw TfLiteImporter.Invalid($"CUMSUM '{source.Name}' has {axis.Length} axes");
        Tensor x = source.Input(0);
        var op = new CumSum(source.Axis(axis[0], x.Shape.Rank), source.ByteOption(0) != 0, source.ByteOption(1) != 0, x.Type == ElementType.Int8);
        TfLiteOperators.Add(graph, source, op, x);
    }
}
