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
        var kernels = new Kernel[6];
        kernels[(int)OpCode.Requantize - First] = new Requantize();
        kernels[(int)OpCode.Cast - First] = new Cast();
        kernels[(int)OpCode.ArgReduce - First] = new ArgReduce();
        kernels[(int)OpCode.Compare - First] = new Compare();
        kernels[(int)OpCode.Select - First] = new Select();
        kernels[(int)OpCode.GatherElements - First] = new GatherElements();
        return kernels;
    }
}
