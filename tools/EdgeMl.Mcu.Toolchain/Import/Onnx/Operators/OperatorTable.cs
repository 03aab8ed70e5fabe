using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Import.Onnx.Operators;

/// <summary>Adds what a node of the file does to the graph and returns the tensors of its outputs; optional outputs at the end may be left out.</summary>
/// <exception cref="UnsupportedNodeException">The node is a variant that cannot be represented.</exception>
/// <exception cref="ToolchainException">onnx.invalid: the node is inconsistent.</exception>
internal delegate IReadOnlyList<Tensor> OperatorHandler(OnnxNode node);

/// <summary>The ONNX operators that are imported: one entry each.</summary>
internal static class OperatorTable
{
    private static readonly SortedDictionary<string, OperatorHandler> Handlers = new(StringComparer.Ordinal)
    {
        ["Abs"] = Single(Elementwise.Abs),
        ["Add"] = Single(Elementwise.Add),
        ["And"] = Single(Selection.And),
        ["AveragePool"] = Single(Pooling.Average),
        ["BatchNormalization"] = Single(Normalization.Batch),
        ["Cast"] = Single(Constants.Cast),
        ["Celu"] = Single(Elementwise.Celu),
        ["Clip"] = Single(Elementwise.Clip),
        ["Concat"] = Single(Joining.Concat),
        ["Constant"] = Single(Constants.Constant),
        ["ConstantOfShape"] = Single(Constants.ConstantOfShape),
        ["Conv"] = Single(Convolution.Conv),
        ["ConvTranspose"] = Single(TransposedConvolution.ConvTranspose),
        ["DepthToSpace"] = Single(Blocks.DepthToSpace),
        ["DequantizeLinear"] = Single(Quantized.DequantizeLinear),
        ["Div"] = Single(Elementwise.Div),
        ["Dropout"] = Single(Constants.Dropout),
        ["Elu"] = Single(Elementwise.Elu),
        ["Equal"] = Single(Selection.Equal),
        ["Erf"] = Single(Elementwise.Erf),
        ["Exp"] = Single(Elementwise.Exp),
        ["Expand"] = Single(Shapes.Expand),
        ["Flatten"] = Single(Shapes.Flatten),
        ["Gather"] = Single(Slicing.Gather),
        ["Gelu"] = Single(Elementwise.Gelu),
        ["Gemm"] = Single(Linear.Gemm),
        ["GlobalAveragePool"] = Single(Pooling.GlobalAverage),
        ["GlobalMaxPool"] = Single(Pooling.GlobalMax),
        ["Greater"] = Single(Selection.Greater),
        ["GreaterOrEqual"] = Single(Selection.GreaterOrEqual),
        ["HardSigmoid"] = Single(Elementwise.HardSigmoid),
        ["HardSwish"] = Single(Elementwise.HardSwish),
        ["Identity"] = Single(Constants.Identity),
        ["InstanceNormalization"] = Single(Statistics.Instance),
        ["LayerNormalization"] = Statistics.Layer,
        ["LeakyRelu"] = Single(Elementwise.LeakyRelu),
        ["Less"] = Single(Selection.Less),
        ["LessOrEqual"] = Single(Selection.LessOrEqual),
        ["Log"] = Single(Elementwise.Log),
        ["LogSoftmax"] = Single(Normalization.LogSoftmax),
        ["MatMul"] = Single(Linear.MatMul),
        ["Max"] = Single(Elementwise.Max),
        ["MaxPool"] = Single(Pooling.Max),
        ["Mean"] = Single(Elementwise.Mean),
        ["MeanVarianceNormalization"] = Single(Statistics.MeanVariance),
        ["Min"] = Single(Elementwise.Min),
        ["Mish"] = Single(Elementwise.Mish),
        ["Mul"] = Single(Elementwise.Mul),
        ["Neg"] = Single(Elementwise.Neg),
        ["Not"] = Single(Selection.Not),
        ["Or"] = Single(Selection.Or),
        ["PRelu"] = Single(Elementwise.PRelu),
        ["Pad"] = Single(Padding.Pad),
        ["Pow"] = Single(Elementwise.Pow),
        ["QLinearConv"] = Single(Quantized.QLinearConv),
        ["QLinearMatMul"] = Single(Quantized.QLinearMatMul),
        ["QuantizeLinear"] = Single(Quantized.QuantizeLinear),
        ["Range"] = Single(Constants.Range),
        ["Reciprocal"] = Single(Elementwise.Reciprocal),
        ["ReduceL1"] = Single(Reduction.L1),
        ["ReduceL2"] = Single(Reduction.L2),
        ["ReduceLogSum"] = Single(Reduction.LogSum),
        ["ReduceLogSumExp"] = Single(Reduction.LogSumExp),
        ["ReduceMax"] = Single(Reduction.Max),
        ["ReduceMean"] = Single(Reduction.Mean),
        ["ReduceMin"] = Single(Reduction.Min),
        ["ReduceProd"] = Single(Reduction.Product),
        ["ReduceSum"] = Single(Reduction.Sum),
        ["ReduceSumSquare"] = Single(Reduction.SumSquare),
        ["Relu"] = Single(Elementwise.Relu),
        ["Reshape"] = Single(Shapes.Reshape),
        ["Resize"] = Single(Resizing.Resize),
        ["Selu"] = Single(Elementwise.Selu),
        ["Shape"] = Single(Constants.Shape),
        ["Sigmoid"] = Single(Elementwise.Sigmoid),
        ["Sign"] = Single(Elementwise.Sign),
        ["Size"] = Single(Constants.Size),
        ["Slice"] = Single(Slicing.Slice),
        ["Softmax"] = Single(Normalization.Softmax),
        ["Softplus"] = Single(Elementwise.Softplus),
        ["Softsign"] = Single(Elementwise.Softsign),
        ["SpaceToDepth"] = Single(Blocks.SpaceToDepth),
        ["Split"] = Slicing.Split,
        ["Sqrt"] = Single(Elementwise.Sqrt),
        ["Squeeze"] = Single(Shapes.Squeeze),
        ["Sub"] = Single(Elementwise.Sub),
        ["Sum"] = Single(Elementwise.Sum),
        ["Tanh"] = Single(Elementwise.Tanh),
        ["ThresholdedRelu"] = Single(Elementwise.ThresholdedRelu),
        ["Tile"] = Single(Blocks.Tile),
        ["Transpose"] = Single(Shapes.Transpose),
        ["Unsqueeze"] = Single(Shapes.Unsqueeze),
        ["Upsample"] = Single(Resizing.Upsample),
        ["Where"] = Single(Selection.Where),
        ["Xor"] = Single(Selection.Xor),
    };

    private const string MlDomain = "ai.onnx.ml";

    private static readonly SortedDictionary<string, OperatorHandler> MlHandlers = new(StringComparer.Ordinal)
    {
        ["TreeEnsembleClassifier"] = TreeEnsembles.Classifier,
        ["TreeEnsembleRegressor"] = Single(TreeEnsembles.Regressor),
        ["ZipMap"] = Single(TreeEnsembles.ZipMap),
    };

    /// <summary>Names of all supported operators of ONNX's own set, sorted.</summary>
    public static IReadOnlyCollection<string> Names => Handlers.Keys;

    /// <summary>Names of all supported operators of the set ai.onnx.ml, sorted.</summary>
    public static IReadOnlyCollection<string> MlNames => MlHandlers.Keys;

    /// <summary>The handler of an operator, or null where it is not supported.</summary>
    public static OperatorHandler? Find(string domain, string opType) => domain switch
    {
        "" or "ai.onnx" => Handlers.GetValueOrDefault(opType),
        MlDomain => MlHandlers.GetValueOrDefault(opType),
        _ => null,
    };

    /// <summary>Name of an operator for messages, with its domain where that is not ONNX's own.</summary>
    public static string QualifiedName(string domain, string opType) => domain is "" or "ai.onnx" ? opType : $"{domain}.{opType}";

    /// <summary>Whether an operator reads quantised tensors as the integers they are; all others get the reals that they stand for.</summary>
    public static bool TakesIntegers(string opType) =>
        opType is "QuantizeLinear" or "DequantizeLinear" or "QLinearConv" or "QLinearMatMul" or "Shape" or "Size";

    /// <summary>Whether an operator may be applied to quantised activations themselves, because it moves or selects elements only.</summary>
    public static bool MovesElements(string opType) => opType is
        "Concat" or "DepthToSpace" or "Dropout" or "Expand" or "Flatten" or "Gather" or "GlobalMaxPool" or "Identity" or "MaxPool" or "Reshape"
        or "Slice" or "SpaceToDepth" or "Split" or "Squeeze" or "Tile" or "Transpose" or "Unsqueeze";

    /// <summary>Whether an operator's constants keep their quantisation: weights and operands of what can run in int8.</summary>
    public static bool TakesQuantizedConstants(string opType) => opType is
        "Add" or "Conv" or "ConvTranspose" or "Div" or "Gemm" or "MatMul" or "Max" or "Min" or "Mul" or "Sub";

    private static OperatorHandler Single(Func<OnnxNode, Tensor> handler) => node => [handler(node)];
}
