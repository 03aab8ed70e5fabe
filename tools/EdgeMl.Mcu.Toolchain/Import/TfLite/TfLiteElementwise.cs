using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>Operators that work element by element or row by row.</summary>
internal static class TfLiteElementwise
{
    public static void Unary(TfLiteNode source, ModelGraph graph, UnaryKind kind, float alpha = 0) =>
        TfLiteOperators.Add(graph, source, new Unary(kind, alpha), source.Input(0));

    public static void Binary(TfLiteNode source, ModelGraph graph, BinaryKind kind)
    {
        bool hasActivation = kind is BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div;
        Activation activation = hasActivation ? source.Activation(0) : Activation.None;
        TfLiteOperators.Add(graph, source, new Binary(kind, activation), source.Input(0), source.Input(1));
    }

    public static void Softmax(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new Softmax(source.FloatOption(0)), RowInput(source));

    public static void LogSoftmax(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new LogSoftmax(), RowInput(source));

    public static void L2Normalization(TfLiteNode source, ModelGraph graph)
    {
        if (source.Activation(0) != Activation.None)
            throw new UnsupportedNodeException("a fused activation");
        TfLiteOperators.Add(graph, source, new L2Normalization(), RowInput(source));
    }

    public static void Quantize(TfLiteNode source, ModelGraph graph) =>
        TfLiteOperators.Add(graph, source, new Quantize(), source.Input(0));

    /// <summary>Dequantize; on a constant (float16 weights, weights stored as int8) it is done here.</summary>
    public static void Dequantize(TfLiteNode source, ModelGraph graph)
    {
        Tensor x = source.Input(0);
        if (!x.IsConstant)
        {
            TfLiteOperators.Add(graph, source, new Dequantize(), x);
            return;
        }
        if (!x.Shape.Equals(source.Output.Shape))
            throw TfLiteImporter.Invalid($"DEQUANTIZE '{source.Name}' gives {source.Output.Shape} from {x.Shape}");
        source.Output.Data = x.Reals();
    }

    private static Tensor RowInput(TfLiteNode source)
    {
        Tensor x = source.Input(0);
        return x.Shape.Rank > 0 ? x : throw TfLiteImporter.Invalid($"'{source.Name}' needs rows, not a scalar");
    }
}
