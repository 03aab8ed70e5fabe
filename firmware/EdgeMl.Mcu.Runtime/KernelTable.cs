using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Runtime.Kernels.Packed;
using EdgeMl.Mcu.Runtime.Kernels.Typed;

namespace EdgeMl.Mcu.Runtime;

/// <summary>The kernels of this runtime by <see cref="OpCode"/>.</summary>
public static class KernelTable
{
    private static readonly Kernel[] Kernels = Create();

    /// <summary>The kernel of an opcode, or null where this runtime has none.</summary>
    public static Kernel Find(int opCode)
    {
        if (opCode >= TypedKernels.First)
            return TypedKernels.Find(opCode);
        return opCode < 0 || opCode >= Kernels.Length ? null : Kernels[opCode];
    }

    /// <summary>Puts a kernel with the same parameters, weights and bits in the place of another one, for all models.</summary>
    /// <param name="opCode">The opcode, below that of <see cref="OpCode.Requantize"/>.</param>
    /// <param name="kernel">The kernel.</param>
    public static void Replace(int opCode, Kernel kernel)
    {
        Kernels[opCode] = kernel;
    }

    private static Kernel[] Create()
    {
        var kernels = new Kernel[64];
        kernels[(int)OpCode.FullyConnected] = new FullyConnected();
        kernels[(int)OpCode.Conv2D] = new Conv2D();
        kernels[(int)OpCode.DepthwiseConv2D] = new DepthwiseConv2D();
        kernels[(int)OpCode.AveragePool2D] = new AveragePool2D();
        kernels[(int)OpCode.MaxPool2D] = new MaxPool2D();
        kernels[(int)OpCode.Mean] = new Mean();
        kernels[(int)OpCode.Add] = new Add();
        kernels[(int)OpCode.Lookup] = new Lookup();
        kernels[(int)OpCode.Softmax] = new Softmax();
        kernels[(int)OpCode.LogSoftmax] = new LogSoftmax();
        kernels[(int)OpCode.StridedCopy] = new StridedCopy();
        kernels[(int)OpCode.Fill] = new Fill();
        kernels[(int)OpCode.LoadConstant] = new LoadConstant();
        kernels[(int)OpCode.IndexedCopy] = new IndexedCopy();
        kernels[(int)OpCode.ReduceMax] = new ReduceExtremum(true);
        kernels[(int)OpCode.ReduceMin] = new ReduceExtremum(false);
        kernels[(int)OpCode.ResizeBilinear] = new ResizeBilinear();
        kernels[(int)OpCode.TransposeConv2D] = new TransposeConv2D();
        kernels[(int)OpCode.PackedConv2D] = new PackedConv2D(false);
        kernels[(int)OpCode.PackedPositions] = new PackedPositions();
        kernels[(int)OpCode.SlidingDepthwiseConv2D] = new SlidingDepthwiseConv2D();
        kernels[(int)OpCode.ByteRowFullyConnected] = new ByteRowFullyConnected();
        kernels[(int)OpCode.PackedRowFullyConnected] = new PackedRowFullyConnected();
        kernels[(int)OpCode.TableAdd] = new TableAdd();
        kernels[(int)OpCode.LineDepthwiseConv2D] = new LineDepthwiseConv2D();
        kernels[(int)OpCode.Sub] = new Difference(false);
        kernels[(int)OpCode.Mul] = new Mul();
        kernels[(int)OpCode.Div] = new Div();
        kernels[(int)OpCode.Maximum] = new Extremum(true);
        kernels[(int)OpCode.Minimum] = new Extremum(false);
        kernels[(int)OpCode.SquaredDifference] = new Difference(true);
        kernels[(int)OpCode.PRelu] = new PRelu();
        kernels[(int)OpCode.AddN] = new AddN();
        kernels[(int)OpCode.CumSum] = new CumSum();
        kernels[(int)OpCode.L2Normalization] = new L2Normalization();
        kernels[(int)OpCode.BatchMatMul] = new BatchMatMul();
        kernels[(int)OpCode.FullyConnectedInt4] = new FullyConnectedInt4();
        kernels[(int)OpCode.Conv2DInt4] = new Conv2DInt4();
        kernels[(int)OpCode.PackedConv2DInt4] = new PackedConv2D(true);
        return kernels;
    }
}
