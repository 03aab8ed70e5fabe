using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Typed;

/// <summary>The kernels for elements that are not int8, for recurrent layers and for tree ensembles.</summary>
public static class TypedKernels
{
    /// <summary>Adds them to the runtime: call it once at start, before the first model is loaded. On the host it has been done already.</summary>
    public static void Install()
    {
        KernelTable.Add(OpCode.Requantize, new Requantize());
        KernelTable.Add(OpCode.Cast, new Cast());
        KernelTable.Add(OpCode.ArgReduce, new ArgReduce());
        KernelTable.Add(OpCode.Compare, new Compare());
        KernelTable.Add(OpCode.Select, new Select());
        KernelTable.Add(OpCode.GatherElements, new GatherElements());
        KernelTable.Add(OpCode.Conv2DInt16, new Conv2DInt16());
        KernelTable.Add(OpCode.Pool2DInt16, new Pool2DInt16());
        KernelTable.Add(OpCode.BinaryInt16, new BinaryInt16());
        KernelTable.Add(OpCode.SlopesInt16, new SlopesInt16());
        KernelTable.Add(OpCode.SigmoidInt16, new SigmoidInt16());
        KernelTable.Add(OpCode.SoftmaxInt16, new SoftmaxInt16());
        KernelTable.Add(OpCode.SoftmaxToInt16, new SoftmaxToInt16());
        KernelTable.Add(OpCode.MeanInt16, new MeanInt16());
        KernelTable.Add(OpCode.BatchMatMulInt16, new BatchMatMulInt16());
        KernelTable.Add(OpCode.TransposeConv2DInt16, new TransposeConv2DInt16());
        KernelTable.Add(OpCode.Svdf, new Svdf());
        KernelTable.Add(OpCode.Lstm, new Lstm());
        KernelTable.Add(OpCode.TreeEnsemble, new TreeEnsemble());
    }
}
