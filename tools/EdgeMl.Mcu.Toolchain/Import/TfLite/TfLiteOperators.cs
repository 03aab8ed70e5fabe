using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.TfLite;

/// <summary>The TensorFlow Lite operators that can be imported, one entry each.</summary>
internal static class TfLiteOperators
{
    private delegate void Converter(TfLiteNode source, ModelGraph graph);

    /// <summary>Builtin operator codes of the TensorFlow Lite schema with their names and converters.</summary>
    private static readonly Dictionary<int, (string Name, Converter Convert)> Table = new()
    {
        [0] = ("ADD", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Add)),
        [1] = ("AVERAGE_POOL_2D", TfLiteWindows.AveragePool2D),
        [2] = ("CONCATENATION", TfLiteShapes.Concatenation),
        [3] = ("CONV_2D", TfLiteWindows.Conv2D),
        [4] = ("DEPTHWISE_CONV_2D", TfLiteWindows.DepthwiseConv2D),
        [6] = ("DEQUANTIZE", TfLiteElementwise.Dequantize),
        [9] = ("FULLY_CONNECTED", TfLiteLinear.FullyConnected),
        [11] = ("L2_NORMALIZATION", TfLiteElementwise.L2Normalization),
        [14] = ("LOGISTIC", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Logistic)),
        [17] = ("MAX_POOL_2D", TfLiteWindows.MaxPool2D),
        [18] = ("MUL", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Mul)),
        [19] = ("RELU", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Relu)),
        [20] = ("RELU_N1_TO_1", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.ReluN1To1)),
        [21] = ("RELU6", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Relu6)),
        [22] = ("RESHAPE", TfLiteShapes.Reshape),
        [25] = ("SOFTMAX", TfLiteElementwise.Softmax),
        [28] = ("TANH", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Tanh)),
        [34] = ("PAD", TfLiteShapes.Pad),
        [39] = ("TRANSPOSE", TfLiteShapes.Transpose),
        [40] = ("MEAN", TfLiteReductions.Mean),
        [41] = ("SUB", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Sub)),
        [42] = ("DIV", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Div)),
        [43] = ("SQUEEZE", TfLiteShapes.Reshape),
        [45] = ("STRIDED_SLICE", TfLiteSlices.StridedSlice),
        [47] = ("EXP", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Exp)),
        [50] = ("LOG_SOFTMAX", TfLiteElementwise.LogSoftmax),
        [54] = ("PRELU", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.PRelu)),
        [55] = ("MAXIMUM", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Maximum)),
        [57] = ("MINIMUM", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Minimum)),
        [59] = ("NEG", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Neg)),
        [65] = ("SLICE", TfLiteSlices.Slice),
        [70] = ("EXPAND_DIMS", TfLiteShapes.Reshape),
        [73] = ("LOG", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Log)),
        [75] = ("SQRT", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Sqrt)),
        [76] = ("RSQRT", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Rsqrt)),
        [77] = ("SHAPE", TfLiteShapes.Shape),
        [83] = ("PACK", TfLiteShapes.Pack),
        [92] = ("SQUARE", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Square)),
        [98] = ("LEAKY_RELU", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.LeakyRelu, source.FloatOption(0))),
        [99] = ("SQUARED_DIFFERENCE", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.SquaredDifference)),
        [101] = ("ABS", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Abs)),
        [106] = ("ADD_N", TfLiteReductions.AddN),
        [111] = ("ELU", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Elu, 1)),
        [114] = ("QUANTIZE", TfLiteElementwise.Quantize),
        [117] = ("HARD_SWISH", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.HardSwish)),
        [126] = ("BATCH_MATMUL", TfLiteLinear.BatchMatMul),
        [128] = ("CUMSUM", TfLiteReductions.CumSum),
    };

    /// <summary>The schema's name of an operator, or its number.</summary>
    public static string NameOf(int builtin) => Table.TryGetValue(builtin, out var entry) ? entry.Name : $"builtin operator {builtin}";

    /// <summary>Adds the nodes of an operator to the graph. False where it, or this variant of it, is not supported; the reason then says what.</summary>
    public static bool TryConvert(int builtin, TfLiteNode source, ModelGraph graph, out string? reason)
    {
        reason = null;
        if (!Table.TryGetValue(builtin, out var entry))
            return false;
        try
        {
            entry.Convert(source, graph);
            return true;
        }
        catch (UnsupportedNodeException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>Adds a node after checking that the file's output shape is the one that follows from the operator.</summary>
    public static void Add(ModelGraph graph, TfLiteNode source, Operator op, params Tensor?[] inputs)
    {
        Shape? expected;
        try
        {
            expected = ShapeInference.Infer(op, inputs);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            throw TfLiteImporter.Invalid($"{op.Name} '{source.Name}': {exception.Message}");
        }
        if (expected is not null && !expected.Equals(source.Output.Shape))
            throw TfLiteImporter.Invalid($"{op.Name} '{source.Name}' gives {expected}, but the file says {source.Output.Shape}");
        graph.Nodes.Add(new Node(source.Name, op, inputs, source.Outputs));
    }
}
