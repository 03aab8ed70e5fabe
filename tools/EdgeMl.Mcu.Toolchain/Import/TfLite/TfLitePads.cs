using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Padding with a value or with mirrored elements.</summary>
internal static class TfLitePads
{
    private const int MaxAmount = 1 << 15;
    private const int ModeReflect = 0;

    public static void Pad(TfLiteNode source, ModelGraph graph)
    {
        (int[] before, int[] after) = Amounts(source);
        TfLiteOperators.Add(graph, source, new Pad(before, after), source.Input(0));
    }

    /// <summary>The value has the output's quantisation.</summary>
    public static void PadV2(TfLiteNode source, ModelGraph graph)
    {
        (int[] before, int[] after) = Amounts(source);
        Tensor value = source.ConstantInput(2);
        if (value.Shape.ElementCount != 1)
            throw TfLiteImporter.Invalid($"PADV2 '{source.Name}' pads with {value.Shape} values");
        TfLiteOperators.Add(graph, source, new Pad(before, after, value.Reals()[0]), source.Input(0));
    }

    public static void MirrorPad(TfLiteNode source, ModelGraph graph)
    {
        (int[] before, int[] after) = Amounts(source);
        TfLiteOperators.Add(graph, source, new MirrorPad(before, after, source.ByteOption(0) == ModeReflect), source.Input(0));
    }

    private static (int[] Before, int[] After) Amounts(TfLiteNode source)
    {
        int rank = source.Input(0).Shape.Rank;
        int[] amounts = source.ConstantInts(1);
        if (amounts.Length != 2 * rank || Array.Exists(amounts, amount => amount is < 0 or > MaxAmount))
            throw TfLiteImporter.Invalid($"PAD '{source.Name}' has the amounts [{string.Join(", ", amounts)}] for {rank} dimensions");
        return ([.. amounts.Where((_, i) => i % 2 == 0)], [.. amounts.Where((_, i) => i % 2 == 1)]);
    }
}
