using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Which kernel runs which operator where not all activations are int8 and the operator computes, one entry each.</summary>
internal static class TypedLowering
{
    /// <summary>Adds the layers of a node to the program.</summary>
    /// <exception cref="LoweringException">The device cannot run it.</exception>
    public static void Lower(Node node, ProgramBuilder builder)
    {
        if (node.Operator is not TreeEnsemble && node.Inputs.Concat(node.Outputs).FirstOrDefault(tensor => tensor?.Type == ElementType.Float32) is { } real)
            throw new LoweringException($"'{real.Name}' is float32");
        switch (node.Operator)
        {
            case TreeEnsemble trees:
                TreeLowering.Lower(node, trees, builder);
                break;
            case Quantize:
                ConversionLowering.Quantize(node, builder);
                break;
            case Unary { Kind: UnaryKind.Relu }:
                ConversionLowering.Relu(node, builder);
                break;
            case Unary { Kind: UnaryKind.Relu6 }:
                ConversionLowering.Relu6(node, builder);
                break;
            case Unary { Kind: UnaryKind.LeakyRelu or UnaryKind.Abs } slopes:
                Int16ElementwiseLowering.Slopes(node, slopes, builder);
                break;
            case Unary { Kind: UnaryKind.Logistic or UnaryKind.Tanh } sigmoid:
                Int16ElementwiseLowering.Sigmoid(node, sigmoid, builder);
                break;
            case Binary binary:
                Int16ElementwiseLowering.Binary(node, binary, builder);
                break;
            case Conv2D convolution:
                Int16LinearLowering.Conv2D(node, convolution, builder);
                break;
            case DepthwiseConv2D convolution:
                Int16LinearLowering.DepthwiseConv2D(node, convolution, builder);
                break;
            case FullyConnected fullyConnected:
                Int16LinearLowering.FullyConnected(node, fullyConnected, builder);
                break;
            case AveragePool2D { CountIncludesPadding: false } pool:
                Int16LinearLowering.Pool(node, true, pool.Window, pool.Activation, builder);
                break;
            case MaxPool2D pool:
                Int16LinearLowering.Pool(node, false, pool.Window, pool.Activation, builder);
                break;
            case TransposeConv2D convolution:
                Int16LinearLowering.TransposeConv2D(node, convolution, builder);
                break;
            case BatchMatMul product:
                BatchMatMulLowering.LowerInt16(node, product, builder);
                break;
            case Mean mean when node.Input.Type == ElementType.Int16 && node.Output.Type == ElementType.Int16:
                ReductionLowering.Mean(node, mean, builder);
                break;
            case Reduce { Kind: ReduceKind.Sum } sum when node.Input.Type == ElementType.Int16 && node.Output.Type == ElementType.Int16:
                ReductionLowering.Reduce(node, sum, builder);
                break;
            case Softmax softmax:
                Int16SoftmaxLowering.Softmax(node, softmax, builder);
                break;
            case Cast:
                ConversionLowering.Cast(node, builder);
                break;
            case ArgReduce reduce:
                LogicLowering.ArgReduce(node, reduce, builder);
                break;
            case Compare compare:
                LogicLowering.Compare(node, compare, builder);
                break;
            case Select:
                LogicLowering.Select(node, builder);
                break;
            case GatherElements gather:
                LogicLowering.GatherElements(node, gather, builder);
                break;
            default:
                throw new LoweringException($"there is no kernel for {string.Join(" and ", Types(node))}");
        }
    }

    private static IEnumerable<string> Types(Node node) =>
        node.Inputs.Concat(node.Outputs).OfType<Tensor>().Where(tensor => !tensor.IsConstant).Select(tensor => tensor.Type.JsonName()).Distinct();
}
