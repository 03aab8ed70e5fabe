using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Computes a node's outputs from its inputs.</summary>
internal delegate void FloatKernel(NodeCall call);

/// <summary>The kernel of every operator.</summary>
internal static class FloatKernels
{
    private static readonly Dictionary<Type, FloatKernel> ByOperator = new()
    {
        [typeof(Conv2D)] = ConvolutionKernels.Conv2D,
        [typeof(DepthwiseConv2D)] = ConvolutionKernels.DepthwiseConv2D,
        [typeof(TransposeConv2D)] = TransposeConvKernel.Run,
        [typeof(FullyConnected)] = FullyConnectedKernel.Run,
        [typeof(AveragePool2D)] = PoolKernels.Average,
        [typeof(MaxPool2D)] = PoolKernels.Max,
        [typeof(Mean)] = ReductionKernels.Mean,
        [typeof(Reduce)] = ReductionKernels.Reduce,
        [typeof(Binary)] = BinaryKernels.Run,
        [typeof(Unary)] = UnaryKernels.Run,
        [typeof(BatchMatMul)] = BatchMatMulKernel.Run,
        [typeof(AddN)] = SumKernels.AddN,
        [typeof(CumSum)] = SumKernels.CumSum,
        [typeof(L2Normalization)] = L2NormalizationKernel.Run,
        [typeof(Pad)] = MovementKernels.Pad,
        [typeof(MirrorPad)] = MovementKernels.Select,
        [typeof(Gather)] = MovementKernels.Select,
        [typeof(ResizeNearest)] = MovementKernels.Select,
        [typeof(ResizeBilinear)] = ResizeBilinearKernel.Run,
        [typeof(BroadcastTo)] = MovementKernels.BroadcastTo,
        [typeof(Softmax)] = SoftmaxKernels.Softmax,
        [typeof(LogSoftmax)] = SoftmaxKernels.LogSoftmax,
        [typeof(Reshape)] = MovementKernels.Reshape,
        [typeof(Transpose)] = MovementKernels.Transpose,
        [typeof(StridedSlice)] = MovementKernels.StridedSlice,
        [typeof(Concatenation)] = MovementKernels.Concatenation,
        [typeof(Quantize)] = QuantizeKernels.Quantize,
        [typeof(Dequantize)] = QuantizeKernels.Dequantize,
        [typeof(ArgReduce)] = LogicKernels.ArgReduce,
        [typeof(Compare)] = LogicKernels.Compare,
        [typeof(Select)] = LogicKernels.Select,
        [typeof(Cast)] = LogicKernels.Cast,
        [typeof(GatherElements)] = LogicKernels.GatherElements,
        [typeof(TreeEnsemble)] = TreeEnsembleKernel.Run,
        [typeof(BatchNormalization)] = BatchNormalizationKernel.Run,
    };

    /// <summary>Whether the executor has a kernel for an operator.</summary>
    public static bool Supports(Operator op) => ByOperator.ContainsKey(op.GetType());

    /// <summary>The kernel of an operator.</summary>
    public static FloatKernel Of(Operator op) => ByOperator[op.GetType()];

    /// <summary>Fails with the names of all nodes that have no kernel.</summary>
    public static void CheckSupported(IEnumerable<Node> nodes)
    {
        string[] unsupported = [.. nodes.Where(node => !Supports(node.Operator)).Select(node => node.ToString())];
        if (unsupported.Length > 0)
        {
            throw new ToolchainException(
                ErrorCodes.UnsupportedOperator,
                $"The float executor has no kernel for {unsupported.Length} node(s): {string.Join(", ", unsupported)}.");
        }
    }
}
