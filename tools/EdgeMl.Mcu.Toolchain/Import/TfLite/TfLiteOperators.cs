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
        [5] = ("DEPTH_TO_SPACE", TfLiteBlocks.DepthToSpace),
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
        [23] = ("RESIZE_BILINEAR", (source, graph) => TfLiteWindows.Resize(source, graph, new ResizeBilinear(source.ByteOption(2) != 0, source.ByteOption(3) != 0))),
        [25] = ("SOFTMAX", TfLiteElementwise.Softmax),
        [26] = ("SPACE_TO_DEPTH", TfLiteBlocks.SpaceToDepth),
        [27] = ("SVDF", TfLiteRecurrent.Svdf),
        [28] = ("TANH", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Tanh)),
        [34] = ("PAD", TfLitePads.Pad),
        [36] = ("GATHER", TfLiteGathers.Gather),
        [37] = ("BATCH_TO_SPACE_ND", TfLiteBlocks.BatchToSpace),
        [38] = ("SPACE_TO_BATCH_ND", TfLiteBlocks.SpaceToBatch),
        [39] = ("TRANSPOSE", TfLiteShapes.Transpose),
        [40] = ("MEAN", TfLiteReductions.Mean),
        [41] = ("SUB", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Sub)),
        [42] = ("DIV", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Div)),
        [43] = ("SQUEEZE", TfLiteShapes.Reshape),
        [44] = ("UNIDIRECTIONAL_SEQUENCE_LSTM", TfLiteRecurrent.Lstm),
        [45] = ("STRIDED_SLICE", TfLiteSlices.StridedSlice),
        [47] = ("EXP", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Exp)),
        [49] = ("SPLIT", TfLiteSplits.Split),
        [50] = ("LOG_SOFTMAX", TfLiteElementwise.LogSoftmax),
        [53] = ("CAST", TfLiteLogic.Cast),
        [54] = ("PRELU", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.PRelu)),
        [55] = ("MAXIMUM", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Maximum)),
        [56] = ("ARG_MAX", (source, graph) => TfLiteLogic.ArgReduce(source, graph, ArgReduceKind.ArgMax)),
        [57] = ("MINIMUM", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.Minimum)),
        [58] = ("LESS", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.Less)),
        [59] = ("NEG", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Neg)),
        [60] = ("PADV2", TfLitePads.PadV2),
        [61] = ("GREATER", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.Greater)),
        [62] = ("GREATER_EQUAL", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.GreaterEqual)),
        [63] = ("LESS_EQUAL", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.LessEqual)),
        [65] = ("SLICE", TfLiteSlices.Slice),
        [67] = ("TRANSPOSE_CONV", TfLiteWindows.TransposeConv2D),
        [70] = ("EXPAND_DIMS", TfLiteShapes.Reshape),
        [71] = ("EQUAL", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.Equal)),
        [72] = ("NOT_EQUAL", (source, graph) => TfLiteLogic.Compare(source, graph, CompareKind.NotEqual)),
        [73] = ("LOG", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Log)),
        [74] = ("SUM", (source, graph) => TfLiteReductions.Reduce(source, graph, ReduceKind.Sum)),
        [75] = ("SQRT", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Sqrt)),
        [76] = ("RSQRT", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Rsqrt)),
        [77] = ("SHAPE", TfLiteShapes.Shape),
        [79] = ("ARG_MIN", (source, graph) => TfLiteLogic.ArgReduce(source, graph, ArgReduceKind.ArgMin)),
        [82] = ("REDUCE_MAX", (source, graph) => TfLiteReductions.Reduce(source, graph, ReduceKind.Max)),
        [83] = ("PACK", TfLiteShapes.Pack),
        [88] = ("UNPACK", TfLiteSplits.Unpack),
        [89] = ("REDUCE_MIN", (source, graph) => TfLiteReductions.Reduce(source, graph, ReduceKind.Min)),
        [92] = ("SQUARE", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Square)),
        [93] = ("ZEROS_LIKE", TfLiteShapes.ZerosLike),
        [94] = ("FILL", (source, graph) => TfLiteShapes.BroadcastTo(source, graph, 1)),
        [97] = ("RESIZE_NEAREST_NEIGHBOR", (source, graph) => TfLiteWindows.Resize(source, graph, new ResizeNearest(source.ByteOption(0) != 0, source.ByteOption(1) != 0))),
        [98] = ("LEAKY_RELU", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.LeakyRelu, source.FloatOption(0))),
        [99] = ("SQUARED_DIFFERENCE", (source, graph) => TfLiteElementwise.Binary(source, graph, BinaryKind.SquaredDifference)),
        [100] = ("MIRROR_PAD", TfLitePads.MirrorPad),
        [101] = ("ABS", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Abs)),
        [102] = ("SPLIT_V", TfLiteSplits.SplitV),
        [105] = ("REVERSE_V2", TfLiteSlices.Reverse),
        [106] = ("ADD_N", TfLiteReductions.AddN),
        [107] = ("GATHER_ND", TfLiteGathers.GatherNd),
        [111] = ("ELU", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.Elu, 1)),
        [114] = ("QUANTIZE", TfLiteElementwise.Quantize),
        [117] = ("HARD_SWISH", (source, graph) => TfLiteElementwise.Unary(source, graph, UnaryKind.HardSwish)),
        [123] = ("SELECT_V2", TfLiteLogic.Select),
        [126] = ("BATCH_MATMUL", TfLiteLinear.BatchMatMul),
        [128] = ("CUMSUM", TfLiteReductions.CumSum),
        [130] = ("BROADCAST_TO", (source, graph) => TfLiteShapes.BroadcastTo(source, graph, 0)),
    };

    /// <summary>Names of all operators that can be imported, sorted.</summary>
    public static IEnumerable<string> Names => Table.Values.Select(entry => entry.Name).Order(StringComparer.Ordinal);

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
        catch (OverflowException)
        {
            throw TfLiteImporter.Invalid($"{entry.Name} '{source.Name}' has sizes beyond int32");
        }
    }

    /// <summary>Adds a node after checking that the file's output shape is the one that follows from the operator.</summary>
    public static void Add(ModelGraph graph, TfLiteNode source, Operator op, params Tensor?[] inputs)
    {
        if (inputs.Length == 0)
            throw TfLiteImporter.Invalid($"{op.Name} '{source.Name}' has no input");
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
