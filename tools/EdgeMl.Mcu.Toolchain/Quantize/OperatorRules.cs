using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Where the quantisation of an operator's output comes from.</summary>
internal enum ScaleRule
{
    /// <summary>From the output's own range.</summary>
    Own,

    /// <summary>The same numbers for every model, as the int8 kernel has them built in.</summary>
    Fixed,

    /// <summary>The input's: the kernel moves or selects elements and cannot rescale.</summary>
    SameAsInput,

    /// <summary>
    /// The input's where this operator is the only reader of it (then the clamp becomes saturation of what computes the input), its own otherwise.
    /// </summary>
    SameAsOnlyInput,

    /// <summary>All inputs and the output have one.</summary>
    SharedByInputs,
}

/// <summary>How each operator is quantised.</summary>
internal static class OperatorRules
{
    /// <summary>128 of these are less than a thirtieth of the step 1/256.</summary>
    private const double FixedPointStep = 1.0 / (1 << 20);

    private static readonly Quantization Probability = new(1f / 256, -128);

    private static readonly Dictionary<Type, ScaleRule> ByOperator = new()
    {
        [typeof(Conv2D)] = ScaleRule.Own,
        [typeof(DepthwiseConv2D)] = ScaleRule.Own,
        [typeof(TransposeConv2D)] = ScaleRule.Own,
        [typeof(FullyConnected)] = ScaleRule.Own,
        [typeof(AveragePool2D)] = ScaleRule.SameAsInput,
        [typeof(MaxPool2D)] = ScaleRule.SameAsInput,
        [typeof(Mean)] = ScaleRule.Own,
        [typeof(BatchMatMul)] = ScaleRule.Own,
        [typeof(CumSum)] = ScaleRule.Own,
        [typeof(AddN)] = ScaleRule.SharedByInputs,
        [typeof(L2Normalization)] = ScaleRule.Fixed,
        [typeof(Pad)] = ScaleRule.SameAsInput,
        [typeof(MirrorPad)] = ScaleRule.SameAsInput,
        [typeof(Gather)] = ScaleRule.SameAsInput,
        [typeof(BroadcastTo)] = ScaleRule.SameAsInput,
        [typeof(ResizeNearest)] = ScaleRule.SameAsInput,
        [typeof(ResizeBilinear)] = ScaleRule.SameAsInput,
        [typeof(Softmax)] = ScaleRule.Fixed,
        [typeof(LogSoftmax)] = ScaleRule.Fixed,
        [typeof(Reshape)] = ScaleRule.SameAsInput,
        [typeof(Transpose)] = ScaleRule.SameAsInput,
        [typeof(StridedSlice)] = ScaleRule.SameAsInput,
        [typeof(Concatenation)] = ScaleRule.SharedByInputs,
    };

    /// <summary>Rule of a node's output, or null where the operator has no int8 form.</summary>
    public static ScaleRule? Of(Operator op) => op switch
    {
        Binary { Kind: BinaryKind.Maximum or BinaryKind.Minimum } => ScaleRule.SharedByInputs,
        Binary { Kind: BinaryKind.Power } => null,
        Binary => ScaleRule.Own,
        Reduce { Kind: ReduceKind.Sum } => ScaleRule.Own,
        Reduce => ScaleRule.SameAsInput,
        Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh } => ScaleRule.Fixed,
        Unary { Kind: UnaryKind.Relu6 or UnaryKind.ReluN1To1 } => ScaleRule.SameAsInput,
        Unary { Kind: UnaryKind.Relu or UnaryKind.Clip } => ScaleRule.SameAsOnlyInput,
        Unary => ScaleRule.Own,
        _ => ByOperator.TryGetValue(op.GetType(), out ScaleRule rule) ? rule : null,
    };

    /// <summary>The built-in output quantisation of an operator with <see cref="ScaleRule.Fixed"/>.</summary>
    public static Quantization FixedOutput(Operator op) => op switch
    {
        Softmax or Unary { Kind: UnaryKind.Logistic } => Probability,
        L2Normalization or Unary { Kind: UnaryKind.Tanh } => new Quantization(1f / 128, 0),
        LogSoftmax => new Quantization(16f / 256, 127),
        _ => throw new ArgumentException($"{op.Name} has no fixed output quantisation.", nameof(op)),
    };

    /// <summary>Axis of the output channels in an operator's weights, or null where it has no weights.</summary>
    public static int? WeightAxis(Operator op) => op switch
    {
        Conv2D or TransposeConv2D or FullyConnected => 0,
        DepthwiseConv2D => 3,
        _ => null,
    };

    /// <summary>The clamp that is fused into an operator.</summary>
    public static Activation ActivationOf(Operator op) => op switch
    {
        Conv2D conv => conv.Activation,
        DepthwiseConv2D conv => conv.Activation,
        TransposeConv2D conv => conv.Activation,
        FullyConnected connected => connected.Activation,
        AveragePool2D pool => pool.Activation,
        MaxPool2D pool => pool.Activation,
        Binary binary => binary.Activation,
        _ => Activation.None,
    };

    /// <summary>An operator with weights without the clamp that is fused into it.</summary>
    public static Operator WithoutActivation(Operator op) => op switch
    {
        Conv2D conv => conv with { Activation = Activation.None },
        DepthwiseConv2D conv => conv with { Activation = Activation.None },
        TransposeConv2D conv => conv with { Activation = Activation.None },
        FullyConnected connected => connected with { Activation = Activation.None },
        _ => op,
    };

    /// <summary>Whether an operator's weights can have 4 bits.</summary>
    public static bool TakesFourBitWeights(Operator op) => op is Conv2D or FullyConnected;

    /// <summary>
    /// Whether values of the input outside of the output's range do not matter: the operator moves elements, selects them, or clamps,
    /// and so commutes with saturation. Averages and interpolations do not.
    /// </summary>
    public static bool CommutesWithSaturation(Operator op) =>
        op is not (AveragePool2D or ResizeBilinear or AddN or Pad)
        && Of(op) is ScaleRule.SameAsInput or ScaleRule.SameAsOnlyInput or ScaleRule.SharedByInputs;

    /// <summary>
    /// The interval of input values that an operator's int8 output can tell apart: beyond its ends the output stays the same, to half an output step.
    /// </summary>
    public static (float Low, float High) UsefulInput(Operator op) => op switch
    {
        Unary { Kind: UnaryKind.Logistic } => (-8, 8),
        Unary { Kind: UnaryKind.Tanh } => (-4, 4),
        Unary { Kind: UnaryKind.HardSwish } => (-3, float.PositiveInfinity),
        Unary { Kind: UnaryKind.HardSigmoid, Alpha: > 0 } unary => (-unary.Beta / unary.Alpha, (1 - unary.Beta) / unary.Alpha),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    /// <summary>
    /// The least input scale of kernels that bring their input to a fixed-point format; differences below it change no output step.
    /// </summary>
    public static double LeastInputScale(Operator op) => op switch
    {
        Softmax { Beta: > 0 } softmax => FixedPointStep / softmax.Beta,
        LogSoftmax or Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh } => FixedPointStep,
        _ => 0,
    };

    /// <summary>Fails with all nodes that have no int8 form.</summary>
    public static void CheckQuantizable(ModelGraph graph)
    {
        string[] problems = [.. graph.Nodes.Select(Problem).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new ToolchainException(
                ErrorCodes.UnsupportedOperator,
                $"{problems.Length} node(s) cannot be quantised: {string.Join("; ", problems)}.");
        }
    }

    private static string? Problem(Node node)
    {
        if (Of(node.Operator) is null)
            return $"{node} has no int8 form";
        if (node.Operator is AveragePool2D { CountIncludesPadding: true, Window.HasPadding: true })
            return $"{node} counts padding as values";
        if (WeightAxis(node.Operator) is null)
            return null;
        if (node.Inputs[1] is not { IsConstant: true } || node.InputOrNull(2) is { IsConstant: false })
            return $"{node} has weights or a bias that are not constant";
        return null;
    }
}
