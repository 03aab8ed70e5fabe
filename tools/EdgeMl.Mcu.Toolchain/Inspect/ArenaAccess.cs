using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Typed;
using W = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Inspect;

/// <summary>Which bytes of the arena a layer of a device model reads and writes.</summary>
internal static class ArenaAccess
{
    /// <summary>Dimensions of the output: those of an image or of rows where the kernel has them, or else the number of elements.</summary>
    public static int[] OutputShape(OpCode op, Func<int, int> parameter) => KernelFamily.Of(op) switch
    {
        OpCode.FullyConnected => [parameter(FullyConnected.Batches), parameter(FullyConnected.OutputDepth)],
        OpCode.Conv2D or OpCode.DepthwiseConv2D or OpCode.TransposeConv2D or OpCode.AveragePool2D or OpCode.MaxPool2D =>
            [parameter(W.Batches), parameter(W.OutputHeight), parameter(W.OutputWidth), parameter(W.OutputChannels)],
        OpCode.Softmax or OpCode.LogSoftmax => [parameter(ExpTable.Rows), parameter(ExpTable.Depth)],
        OpCode.TreeEnsemble => [1, parameter(TreeEnsemble.Scores)],
        _ => [Writes(op, parameter).Count() >> Runtime.Arithmetic.Element.SizeShift((int)TypedArenaAccess.OutputType(op, parameter))],
    };

    /// <summary>Offsets of the bytes that are written, each once.</summary>
    public static IEnumerable<int> Writes(OpCode op, Func<int, int> parameter) => KernelFamily.Of(op) switch
    {
        OpCode.FullyConnected => Span(parameter(FullyConnected.Output), parameter(FullyConnected.Batches) * parameter(FullyConnected.OutputDepth)),
        OpCode.Conv2D or OpCode.DepthwiseConv2D or OpCode.TransposeConv2D or OpCode.AveragePool2D or OpCode.MaxPool2D =>
            Span(parameter(W.Output), parameter(W.Batches) * parameter(W.OutputHeight) * parameter(W.OutputWidth) * parameter(W.OutputChannels)),
        OpCode.Mean or OpCode.ReduceMax or OpCode.ReduceMin => Span(parameter(Mean.Output), parameter(Mean.Shape) * parameter(Mean.Shape + 2) * parameter(Mean.Shape + 4)),
        OpCode.Add or OpCode.Sub or OpCode.Mul or OpCode.Div or OpCode.Maximum or OpCode.Minimum or OpCode.SquaredDifference or OpCode.PRelu =>
            Span(parameter(BinaryKernel.Output), Product(parameter, BinaryKernel.Shape, BinaryKernel.Rank)),
        OpCode.Lookup => Span(parameter(Lookup.Output), parameter(Lookup.Length)),
        OpCode.Softmax or OpCode.LogSoftmax => Span(parameter(ExpTable.Output), parameter(ExpTable.Rows) * parameter(ExpTable.Depth)),
        OpCode.StridedCopy => Walk(parameter, StridedCopy.Output, StridedCopy.Shape, StridedCopy.OutputStrides, StridedCopy.Rank),
        OpCode.IndexedCopy => Span(parameter(IndexedCopy.Output), parameter(IndexedCopy.Outer) * parameter(IndexedCopy.Rows) * parameter(IndexedCopy.Middle) * parameter(IndexedCopy.Columns) * parameter(IndexedCopy.Block)),
        OpCode.ResizeBilinear => Span(parameter(ResizeBilinear.Output), parameter(ResizeBilinear.Batches) * parameter(ResizeBilinear.OutputHeight) * parameter(ResizeBilinear.OutputWidth) * parameter(ResizeBilinear.Channels)),
        OpCode.Fill => Span(parameter(Fill.Output), parameter(Fill.Length)),
        OpCode.LoadConstant => Span(parameter(LoadConstant.Output), parameter(LoadConstant.Length)),
        OpCode.AddN => Span(parameter(AddN.Output), parameter(AddN.Length)),
        OpCode.CumSum => Span(parameter(CumSum.Output), Product(parameter, CumSum.Outer, 3)),
        OpCode.L2Normalization => Span(parameter(L2Normalization.Output), parameter(L2Normalization.Rows) * parameter(L2Normalization.Depth)),
        OpCode.BatchMatMul => Span(parameter(BatchMatMul.Output), Product(parameter, BatchMatMul.Shape, BatchMatMul.Axes - 1)),
        OpCode.TreeEnsemble => Span(parameter(TreeEnsemble.Output), 4 * parameter(TreeEnsemble.Scores)).Concat(Span(Math.Max(parameter(TreeEnsemble.Label), 0), parameter(TreeEnsemble.Label) < 0 ? 0 : 8)),
        _ => Span(TypedArenaAccess.Write(op, parameter)),
    };

    /// <summary>Offsets of the bytes that are read; some may come several times.</summary>
    public static IEnumerable<int> Reads(OpCode op, Func<int, int> parameter) => KernelFamily.Of(op) switch
    {
        OpCode.FullyConnected => Span(parameter(FullyConnected.Input), parameter(FullyConnected.Batches) * parameter(FullyConnected.InputDepth)),
        OpCode.Conv2D or OpCode.DepthwiseConv2D or OpCode.TransposeConv2D or OpCode.AveragePool2D or OpCode.MaxPool2D =>
            Span(parameter(W.Input), parameter(W.Batches) * parameter(W.InputHeight) * parameter(W.InputWidth) * parameter(W.InputChannels)),
        OpCode.Mean or OpCode.ReduceMax or OpCode.ReduceMin => Span(parameter(Mean.Input), Product(parameter, Mean.Shape, 6)),
        OpCode.Add or OpCode.Sub or OpCode.Mul or OpCode.Div or OpCode.Maximum or OpCode.Minimum or OpCode.SquaredDifference or OpCode.PRelu =>
            Walk(parameter, BinaryKernel.Input1, BinaryKernel.Shape, BinaryKernel.Strides1, BinaryKernel.Rank)
            .Concat(Walk(parameter, BinaryKernel.Input2, BinaryKernel.Shape, BinaryKernel.Strides2, BinaryKernel.Rank)),
        OpCode.Lookup => Span(parameter(Lookup.Input), parameter(Lookup.Length)),
        OpCode.Softmax or OpCode.LogSoftmax => Span(parameter(ExpTable.Input), parameter(ExpTable.Rows) * parameter(ExpTable.Depth)),
        OpCode.IndexedCopy => Span(parameter(IndexedCopy.Input), parameter(IndexedCopy.Outer) * parameter(IndexedCopy.OuterStride)),
        OpCode.ResizeBilinear => Span(parameter(ResizeBilinear.Input), parameter(ResizeBilinear.Batches) * parameter(ResizeBilinear.InputHeight) * parameter(ResizeBilinear.InputWidth) * parameter(ResizeBilinear.Channels)),
        OpCode.StridedCopy => Walk(parameter, StridedCopy.Input, StridedCopy.Shape, StridedCopy.InputStrides, StridedCopy.Rank),
        OpCode.AddN => Enumerable.Range(0, parameter(AddN.InputCount)).SelectMany(i => Span(parameter(AddN.Inputs + i), parameter(AddN.Length))),
        OpCode.CumSum => Span(parameter(CumSum.Input), Product(parameter, CumSum.Outer, 3)),
        OpCode.L2Normalization => Span(parameter(L2Normalization.Input), parameter(L2Normalization.Rows) * parameter(L2Normalization.Depth)),
        OpCode.BatchMatMul => Walk(parameter, BatchMatMul.Input1, BatchMatMul.Shape, BatchMatMul.Strides1, BatchMatMul.Axes)
            .Concat(Walk(parameter, BatchMatMul.Input2, BatchMatMul.Shape, BatchMatMul.Strides2, BatchMatMul.Axes)),
        _ => TypedArenaAccess.Reads(op, parameter).SelectMany(Span),
    };

    /// <summary>Offsets of the bytes that live from one inference to the next.</summary>
    public static IEnumerable<int> States(OpCode op, Func<int, int> parameter) => TypedArenaAccess.States(op, parameter).SelectMany(Span);

    private static IEnumerable<int> Span((int Offset, int Bytes) piece) => Span(piece.Offset, piece.Bytes);

    private static IEnumerable<int> Span(int start, int count) => Enumerable.Range(start, count);

    private static int Product(Func<int, int> parameter, int first, int count)
    {
        int product = 1;
        for (int i = first; i < first + count; i++)
            product *= parameter(i);
        return product;
    }

    private static IEnumerable<int> Walk(Func<int, int> parameter, int offset, int shape, int strides, int rank)
    {
        int[] sizes = [.. Enumerable.Range(shape, rank).Select(parameter)];
        int[] steps = [.. Enumerable.Range(strides, rank).Select(parameter)];
        var index = new int[rank];
        int position = parameter(offset);
        for (int axis = rank; axis >= 0;)
        {
            yield return position;
            for (axis = rank - 1; axis >= 0; axis--)
            {
                position += steps[axis];
                if (++index[axis] < sizes[axis])
                    break;
                position -= steps[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }
}
