using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Runtime.Kernels.Typed;

/// <summary>The kernels for elements that are not int8: opcodes from <see cref="First"/> on. A runtime for int8 models can be built without this folder.</summary>
internal static class TypedKernels
{
    /// <summary>The first opcode.</summary>
    internal const int First = (int)OpCode.Requantize;

    private static readonly Kernel[] Kernels = Create();

    /// <summary>The kernel of an opcode, or null where there is none.</summary>
    internal static Kernel Find(int opCode)
    {
        int index = opCode - First;
        return index < 0 || index >= Kernels.Length ? null : Kernels[index];
    }

    private static Kernel[] Create()
    {
        var kernels = new Kernel[27];
        kernels[(int)OpCode.Requantize - First] = new Requantize();
        kernels[(int)OpCode.Cast - First] = new Cast();
        kernels[(int)OpCode.ArgReduce - First] = new ArgReduce();
        kernels[(int)OpCode.Compare - First] = new Compare();
        kernels[(int)OpCode.Select - First] = new Select();
        kernels[(int)OpCode.GatherElements - First] = new GatherElements();
        kernels[(int)OpCode.Conv2DInt16 - First] = new Conv2DInt16();
        kernels[(int)OpCode.Pool2DInt16 - First] = new Pool2DInt16();
        kernels[(int)OpCode.BinaryInt16 - First] = new BinaryInt16();
        kernels[(int)OpCode.SlopesInt16 - First] = new SlopesInt16();
        kernels[(int)OpCode.SigmoidInt16 - First] = new SigmoidInt16();
        kernels[(int)OpCode.SoftmaxInt16 - First] = new SoftmaxInt16();
        kernels[(int)OpCode.SoftmaxToInt16 - First] = new SoftmaxToInt16();
        kernels[(int)OpCode.MeanInt16 - First] = new MeanInt16();
        kernels[(int)OpCode.BatchMatMulInt16 - First] = new BatchMatMulInt16();
        kernels[(int)OpCode.TransposeConv2DInt16 - First] = new TransposeConv2DInt16();
        kernels[(int)OpCode.Svdf - First] = new Svdf();
        kernels[(int)OpCode.Lstm - First] = new Lstm();
        kernels[(int)OpCode.TreeEnsemble - First] = new TreeEnsemble();
        return kernels;
    }
}
