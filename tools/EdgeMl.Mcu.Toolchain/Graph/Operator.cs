namespace EdgeMl.Mcu.Toolchain.Graph;

/// <summary>Clamp that is fused into an operator's output.</summary>
public enum Activation
{
    /// <summary>No clamp beyond the output's type.</summary>
    None,

    /// <summary>[0, ∞)</summary>
    Relu,

    /// <summary>[-1, 1]</summary>
    ReluN1To1,

    /// <summary>[0, 6]</summary>
    Relu6,
}

/// <summary>How a two-dimensional window moves over an NHWC tensor. All values are in elements; padding is explicit.</summary>
public sealed record Window(
    int KernelHeight, int KernelWidth,
    int StrideHeight = 1, int StrideWidth = 1,
    int DilationHeight = 1, int DilationWidth = 1,
    int PadTop = 0, int PadLeft = 0, int PadBottom = 0, int PadRight = 0)
{
    /// <summary>Height of the output for an input height.</summary>
    public int OutputHeight(int inputHeight) => (inputHeight + PadTop + PadBottom - (KernelHeight - 1) * DilationHeight - 1) / StrideHeight + 1;

    /// <summary>Width of the output for an input width.</summary>
    public int OutputWidth(int inputWidth) => (inputWidth + PadLeft + PadRight - (KernelWidth - 1) * DilationWidth - 1) / StrideWidth + 1;

    /// <summary>Height of the output of a transposed convolution for an input height.</summary>
    public int TransposedHeight(int inputHeight) => (inputHeight - 1) * StrideHeight + (KernelHeight - 1) * DilationHeight + 1 - PadTop - PadBottom;

    /// <summary>Width of the output of a transposed convolution for an input width.</summary>
    public int TransposedWidth(int inputWidth) => (inputWidth - 1) * StrideWidth + (KernelWidth - 1) * DilationWidth + 1 - PadLeft - PadRight;

    /// <summary>Whether the window adds padding anywhere.</summary>
    public bool HasPadding => (PadTop | PadLeft | PadBottom | PadRight) != 0;
}

/// <summary>What a node does. Attributes only: shapes and types stand in the node's tensors.</summary>
public abstract record Operator
{
    /// <summary>The field's name of the operator.</summary>
    public virtual string Name => GetType().Name;
}

/// <summary>Convolution. Inputs: x [N,H,W,C], w [OC,KH,KW,C/groups], bias [OC] or absent.</summary>
public sealed record Conv2D(Window Window, Activation Activation = Activation.None) : Operator;

/// <summary>Depthwise convolution. Inputs: x [N,H,W,C], w [1,KH,KW,OC] with OC = C * multiplier, bias [OC] or absent.</summary>
public sealed record DepthwiseConv2D(Window Window, Activation Activation = Activation.None) : Operator;

/// <summary>
/// Transposed convolution: input position (y, x) adds its products to the outputs <c>(y, x) * stride - pad + tap * dilation</c>.
/// Inputs: x [N,H,W,C], w [OC,KH,KW,C], bias [OC] or absent. Negative padding adds outputs that may see no input (ONNX output_padding).
/// </summary>
public sealed record TransposeConv2D(Window Window, Activation Activation = Activation.None) : Operator;

/// <summary>Fully connected layer over the last axis. Inputs: x [...,K] (or any shape of batches * K elements), w [N,K], bias [N] or absent.</summary>
public sealed record FullyConnected(Activation Activation = Activation.None) : Operator;

/// <summary>Mean over a window; <paramref name="CountIncludesPadding"/> makes padding count as zeros (ONNX) where it otherwise does not count (TFLite).</summary>
public sealed record AveragePool2D(Window Window, bool CountIncludesPadding = false, Activation Activation = Activation.None) : Operator;

/// <summary>Maximum over a window; padding never wins.</summary>
public sealed record MaxPool2D(Window Window, Activation Activation = Activation.None) : Operator;

/// <summary>Mean over axes (non-negative, ascending).</summary>
public sealed record Mean(int[] Axes) : Operator;

/// <summary>Kinds of <see cref="Reduce"/> operators.</summary>
public enum ReduceKind { Sum, Max, Min }

/// <summary>Sum or extreme over axes (non-negative, ascending).</summary>
public sealed record Reduce(ReduceKind Kind, int[] Axes) : Operator
{
    /// <inheritdoc/>
    public override string Name => $"Reduce{Kind}";
}

/// <summary>Kinds of <see cref="Binary"/> operators.</summary>
public enum BinaryKind { Add, Sub, Mul, Div, Maximum, Minimum, SquaredDifference, PRelu, Power }

/// <summary>Element by element with NumPy broadcasting. Two inputs; PRelu's second one is the slope of negative values.</summary>
public sealed record Binary(BinaryKind Kind, Activation Activation = Activation.None) : Operator
{
    /// <inheritdoc/>
    public override string Name => Kind.ToString();
}

/// <summary>Kinds of <see cref="Unary"/> operators.</summary>
public enum UnaryKind
{
    Relu, Relu6, ReluN1To1, Clip, LeakyRelu, Elu, HardSwish, HardSigmoid, Logistic, Tanh, Abs, Neg, Exp, Log, Sqrt, Rsqrt, Square,
    Softplus, Softsign, Erf, Gelu, GeluTanh, Mish, Selu, Celu, ThresholdedRelu, Power, Reciprocal, Sign,
}

/// <summary>
/// One element in, one out. <paramref name="Alpha"/> is the slope of LeakyRelu, Elu, Selu and Celu, HardSigmoid's factor, Clip's lower bound,
/// ThresholdedRelu's threshold and Power's exponent; <paramref name="Beta"/> HardSigmoid's offset, Clip's upper bound and Selu's factor.
/// </summary>
public sealed record Unary(UnaryKind Kind, float Alpha = 0, float Beta = 0) : Operator
{
    /// <inheritdoc/>
    public override string Name => Kind.ToString();
}

/// <summary>Adds <paramref name="Before"/> and <paramref name="After"/> elements of the real value <paramref name="Value"/> to each axis.</summary>
public sealed record Pad(int[] Before, int[] After, float Value = 0) : Operator;

/// <summary>
/// Adds elements mirrored at the ends of each axis: <c>c b | a b c | b a</c> with <paramref name="Reflect"/>, <c>b a | a b c | c b</c> without.
/// Amounts are below the axis' size, or up to it without <paramref name="Reflect"/>.
/// </summary>
public sealed record MirrorPad(int[] Before, int[] After, bool Reflect) : Operator;

/// <summary>Softmax over the last axis, after multiplication with <paramref name="Beta"/>.</summary>
public sealed record Softmax(float Beta = 1) : Operator;

/// <summary>Logarithm of softmax over the last axis.</summary>
public sealed record LogSoftmax : Operator;

/// <summary>Same elements in the same order, another shape (Reshape, Flatten, Squeeze, ExpandDims …).</summary>
public sealed record Reshape : Operator;

/// <summary>Output axis <c>i</c> is input axis <c>Permutation[i]</c>.</summary>
public sealed record Transpose(int[] Permutation) : Operator;

/// <summary>Elements <c>Begin[i] + k * Strides[i]</c> of each axis, as many as the output has. Begin is non-negative; strides may be negative.</summary>
public sealed record StridedSlice(int[] Begin, int[] Strides) : Operator;

/// <summary>The slices at <paramref name="Indices"/> (non-negative) of an axis, in their order.</summary>
public sealed record Gather(int[] Indices, int Axis) : Operator;

/// <summary>The same elements for every index of axes that the input lacks or has with size 1 (NumPy's rules).</summary>
public sealed record BroadcastTo : Operator;

/// <summary>
/// Height and width of an NHWC tensor changed by repeating or dropping elements: row <c>floor((y + h) * scale)</c> with h = 0.5 for
/// <paramref name="HalfPixelCenters"/> or else 0, and scale = in / out; rounded, with scale = (in - 1) / (out - 1), for <paramref name="AlignCorners"/>.
/// </summary>
public sealed record ResizeNearest(bool AlignCorners, bool HalfPixelCenters) : Operator;

/// <summary>
/// Height and width of an NHWC tensor changed by linear interpolation at row <c>y * scale</c>, or <c>(y + 0.5) * scale - 0.5</c> for
/// <paramref name="HalfPixelCenters"/>, with scale = in / out, or (in - 1) / (out - 1) for <paramref name="AlignCorners"/>. Not both flags.
/// </summary>
public sealed record ResizeBilinear(bool AlignCorners, bool HalfPixelCenters) : Operator;

/// <summary>Inputs one after another along an axis (non-negative).</summary>
public sealed record Concatenation(int Axis) : Operator;

/// <summary>Real to quantised, or from one quantisation to another.</summary>
public sealed record Quantize : Operator;

/// <summary>Quantised to real.</summary>
public sealed record Dequantize : Operator;

/// <summary><c>(x - mean) / sqrt(variance + Epsilon) * scale + offset</c> over the last axis. Inputs: x, scale, offset, mean, variance.</summary>
public sealed record BatchNormalization(float Epsilon) : Operator;

/// <summary>
/// Matrix products over the last two axes, the axes before them broadcast as in NumPy. Two inputs [...,I,K] and [...,K,J]; <paramref name="TransposeFirst"/> and
/// <paramref name="TransposeSecond"/> say that an input has its last two axes the other way round.
/// </summary>
public sealed record BatchMatMul(bool TransposeFirst = false, bool TransposeSecond = false) : Operator;

/// <summary>
/// Sum of all inputs, which have one shape. With <paramref name="StartsAtZeroPoint"/> an int8 sum begins with the inputs' negated zero point instead of 0: the TensorFlow
/// Lite reference does so.
/// </summary>
public sealed record AddN(bool StartsAtZeroPoint = false) : Operator;

/// <summary>
/// Running sum along an axis (non-negative); <paramref name="Exclusive"/> leaves each element out of its own sum, <paramref name="Reverse"/> runs from the end,
/// <paramref name="StartsAtZeroPoint"/> is as for <see cref="AddN"/>.
/// </summary>
public sealed record CumSum(int Axis, bool Exclusive = false, bool Reverse = false, bool StartsAtZeroPoint = false) : Operator;

/// <summary>Each row of the last axis divided by its Euclidean norm.</summary>
public sealed record L2Normalization : Operator;

/// <summary>Kinds of <see cref="ArgReduce"/> operators.</summary>
public enum ArgReduceKind { ArgMax, ArgMin }

/// <summary>Index of the extreme element along an axis (non-negative), the lowest among equals. The output is int32 or int64 and has the axis with size 1 or not at all.</summary>
public sealed record ArgReduce(ArgReduceKind Kind, int Axis) : Operator
{
    /// <inheritdoc/>
    public override string Name => Kind.ToString();
}

/// <summary>Kinds of <see cref="Compare"/> operators.</summary>
public enum CompareKind { Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual }

/// <summary>Comparison element by element with NumPy broadcasting; gives booleans. Two inputs.</summary>
public sealed record Compare(CompareKind Kind) : Operator
{
    /// <inheritdoc/>
    public override string Name => Kind.ToString();
}

/// <summary>The element of the second input where the first one (boolean) is true, or else of the third; with NumPy broadcasting.</summary>
public sealed record Select : Operator;

/// <summary>The same number in another element type, without regard to quantisation.</summary>
public sealed record Cast : Operator;

/// <summary>The slices of an axis at indices that are computed at run time. Inputs: x, indices of any shape, which takes the place of the axis.</summary>
public sealed record GatherElements(int Axis) : Operator;

/// <summary>
/// Singular-value-decomposition filter of a stream. Inputs: x [batches, inputs], features [F, inputs], time weights [F, M], bias [F / <paramref name="Rank"/>] or absent.
/// </summary>
/// <param name="Rank">Filters of one output.</param>
/// <param name="State">Quantisation of what is remembered, [batches, F, M] of the type of the time weights.</param>
/// <param name="Activation">Clamp of the output; the quantised kernel's is that of its type.</param>
public sealed record Svdf(int Rank, Quantization State, Activation Activation = Activation.None) : Operator;

/// <summary>
/// Long short-term memory layer over a sequence [batches, steps, inputs]. Inputs: x, weights of x [units, inputs] of the gates input, forget, cell, output, recurrent weights
/// [units, units] in the same order, four biases [units].
/// </summary>
/// <param name="TimeMajor">Sequences are [steps, batches, inputs].</param>
/// <param name="CellClip">Greatest magnitude of a cell, 0 for no bound.</param>
/// <param name="Hidden">Quantisation of the hidden state, [batches, units] of the input's type.</param>
/// <param name="Cell">Quantisation of the cells, [batches, units] int16.</param>
public sealed record Lstm(bool TimeMajor, float CellClip, Quantization Hidden, Quantization Cell) : Operator;
