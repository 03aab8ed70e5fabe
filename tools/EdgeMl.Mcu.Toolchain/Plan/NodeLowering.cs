using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Lowering;

namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Which kernel runs which operator, one entry each.</summary>
internal static class NodeLowering
{
    /// <summary>Adds the layers of a node to the program.</summary>
    /// <exception cref="LoweringException">The device cannot run it.</exception>
    public static void Lower(Node node, ProgramBuilder builder)
    {
        if (TryMove(node, builder))
            return;
        if (!node.Inputs.Concat(node.Outputs).All(tensor => tensor is null || tensor.IsConstant || tensor.Type == ElementType.Int8))
        {
            TypedLowering.Lower(node, builder);
            return;
        }
        switch (node.Operator)
        {
            case FullyConnected fullyConnected:
                LinearLowering.FullyConnected(node, fullyConnected, builder);
                break;
            case Conv2D convolution:
                WindowLowering.Conv2D(node, convolution, builder);
                break;
            case DepthwiseConv2D convolution:
                WindowLowering.DepthwiseConv2D(node, convolution, builder);
                break;
            case TransposeConv2D convolution:
                TransposeConvLowering.Lower(node, convolution, builder);
                break;
            case AveragePool2D pool:
                WindowLowering.AveragePool2D(node, pool, builder);
                break;
            case MaxPool2D pool:
                WindowLowering.Pool(node, OpCode.MaxPool2D, pool.Window, pool.Activation, builder);
                break;
            case Mean mean:
                ReductionLowering.Mean(node, mean, builder);
                break;
            case Reduce reduce:
                ReductionLowering.Reduce(node, reduce, builder);
                break;
            case Binary binary:
                BinaryLowering.Lower(node, binary, builder);
                break;
            case Unary or Quantize:
                LookupLowering.Lower(node, builder);
                break;
            case BatchMatMul product:
                BatchMatMulLowering.Lower(node, product, builder);
                break;
            case AddN sum:
                SumLowering.AddN(node, sum, builder);
                break;
            case CumSum sum:
                SumLowering.CumSum(node, sum, builder);
                break;
            case L2Normalization:
                NormalizationLowering.L2Normalization(node, builder);
                break;
            case Softmax softmax:
                SoftmaxLowering.Softmax(node, softmax, builder);
                break;
            case LogSoftmax:
                SoftmaxLowering.LogSoftmax(node, builder);
                break;
            case ResizeBilinear resize:
                ResizeLowering.Bilinear(node, resize, builder);
                break;
            case Svdf svdf:
                RecurrentLowering.Svdf(node, svdf, builder);
                break;
            case Lstm lstm:
                RecurrentLowering.Lstm(node, lstm, builder);
                break;
            default:
                throw new LoweringException("there is no kernel for it");
        }
    }

    /// <summary>Operators that move elements of any type and compute nothing.</summary>
    private static bool TryMove(Node node, ProgramBuilder builder)
    {
        switch (node.Operator)
        {
            case Reshape:
                MoveLowering.Reshape(node, builder);
                break;
            case Transpose transpose:
                MoveLowering.Transpose(node, transpose, builder);
                break;
            case StridedSlice slice:
                MoveLowering.StridedSlice(node, slice, builder);
                break;
            case Concatenation concatenation:
                MoveLowering.Concatenation(node, concatenation, builder);
                break;
            case Gather or MirrorPad or ResizeNearest:
                SelectLowering.Lower(node, builder);
                break;
            case BroadcastTo:
                MoveLowering.BroadcastTo(node, builder);
                break;
            case Pad pad:
                MoveLowering.Pad(node, pad, builder);
                break;
            default:
                return false;
        }
        return true;
    }
}
