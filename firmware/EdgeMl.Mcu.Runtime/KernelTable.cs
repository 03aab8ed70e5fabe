using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
#if NET
using EdgeMl.Mcu.Runtime.Packed;
using EdgeMl.Mcu.Runtime.Typed;
#endif

namespace EdgeMl.Mcu.Runtime;

/// <summary>
/// The kernels that models find by their <see cref="OpCode"/>. On the device these are the plain int8 kernels, and those that the application adds at start by
/// <c>PackedKernels.Install()</c> of EdgeMl.Mcu.Runtime.Packed and <c>TypedKernels.Install()</c> of EdgeMl.Mcu.Runtime.Typed; on the host all are there from the beginning.
/// </summary>
public static class KernelTable
{
    private static readonly Kernel[] Kernels = new Kernel[(int)OpCode.TreeEnsemble + 1];

    static KernelTable()
    {
        Add(OpCode.FullyConnected, new FullyConnected());
        Add(OpCode.Conv2D, new Conv2D());
        Add(OpCode.DepthwiseConv2D, new DepthwiseConv2D());
        Add(OpCode.AveragePool2D, new AveragePool2D());
        Add(OpCode.MaxPool2D, new MaxPool2D());
        Add(OpCode.Mean, new Mean());
        Add(OpCode.Add, new Add());
        Add(OpCode.Lookup, new Lookup());
        Add(OpCode.Softmax, new Softmax());
        Add(OpCode.LogSoftmax, new LogSoftmax());
        Add(OpCode.StridedCopy, new StridedCopy());
        Add(OpCode.Fill, new Fill());
        Add(OpCode.LoadConstant, new LoadConstant());
        Add(OpCode.IndexedCopy, new IndexedCopy());
        Add(OpCode.ReduceMax, new ReduceExtremum(true));
        Add(OpCode.ReduceMin, new ReduceExtremum(false));
        Add(OpCode.ResizeBilinear, new ResizeBilinear());
        Add(OpCode.TransposeConv2D, new TransposeConv2D());
        Add(OpCode.Sub, new Difference(false));
        Add(OpCode.Mul, new Mul());
        Add(OpCode.Div, new Div());
        Add(OpCode.Maximum, new Extremum(true));
        Add(OpCode.Minimum, new Extremum(false));
        Add(OpCode.SquaredDifference, new Difference(true));
        Add(OpCode.PRelu, new PRelu());
        Add(OpCode.AddN, new AddN());
        Add(OpCode.CumSum, new CumSum());
        Add(OpCode.L2Normalization, new L2Normalization());
        Add(OpCode.BatchMatMul, new BatchMatMul());
        Add(OpCode.FullyConnectedInt4, new FullyConnectedInt4());
        Add(OpCode.Conv2DInt4, new Conv2DInt4());
#if NET
        PackedKernels.Install();
        TypedKernels.Install();
#endif
    }

    /// <summary>The kernel of an opcode, or null where none has been added.</summary>
    public static Kernel Find(int opCode)
    {
        return opCode < 0 || opCode >= Kernels.Length ? null : Kernels[opCode];
    }

    /// <summary>Adds a kernel for all models that are loaded afterwards. An opcode that has one already keeps it.</summary>
    public static void Add(OpCode opCode, Kernel kernel)
    {
        if (Kernels[(int)opCode] == null)
            Kernels[(int)opCode] = kernel;
    }

    /// <summary>Puts a kernel with the same parameters, weights and bits in the place of another one, for all models.</summary>
    /// <param name="opCode">The opcode, one of <see cref="OpCode"/>.</param>
    /// <param name="kernel">The kernel.</param>
    public static void Replace(int opCode, Kernel kernel)
    {
        Kernels[opCode] = kernel;
    }
}
