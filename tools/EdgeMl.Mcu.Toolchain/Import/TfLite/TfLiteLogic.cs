using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that give or take booleans, indices and other integers that are not quantised.</summary>
internal static class TfLiteLogic
{
    public static void ArgReduce(TfLiteNode source, ModelGraph graph, ArgReduceKind kind)
    {
        Shape x = source.Input(0).Shape;
        int[] axes = source.ConstantInts(1);
        if (axes.Length != 1)
            throw TfLiteImporter.Invalid($"'{source.Name}' has {axes.Length} axes instead of one");
        int axis = source.Axis(axes[0], x.Rank);
        if (source.Output.Shape.ElementCount != x.With(axis, 1).ElementCount || source.Output.Type is not (ElementType.Int32 or ElementType.Int64))
            throw TfLiteImporter.Invalid($"'{source.Name}' along axis {axis} of {x} does not give {source.Output}");
        TfLiteOperators.Add(graph, source, new ArgReduce(kind, axis), source.Input(0));
    }

    public static void Compare(TfLiteNode source, ModelGraph graph, CompareKind kind) =>
        TfLiteOperators.Add(graph, source, new Compare(kind), source.Input(0), source.Input(1));

    public static void Select(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new Select(), source.Input(0), source.Input(1), source.Input(2));

    public static void Cast(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new Cast(), source.Input(0));
}
