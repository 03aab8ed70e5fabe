using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators over whole axes.</summary>
internal static class TfLiteReductions
{
    public static void Mean(TfLiteNode source, ModelGraph graph)
    {
        Shape x = source.Input(0).Shape;
        int[] axes = [.. source.ConstantInts(1).Select(axis => source.Axis(axis, x.Rank)).Distinct().Order()];
        int kept = 1;
        for (int axis = 0; axis < x.Rank; axis++)
            kept *= axes.Contains(axis) ? 1 : x[axis];
        if (kept != source.Output.Shape.ElementCount)
            throw TfLiteImporter.Invalid($"MEAN '{source.Name}' over axes [{string.Join(", ", axes)}] of {x} does not give {source.Output.Shape}");
        TfLiteOperators.Add(graph, source, new Mean(axes), source.Input(0));
    }
}
