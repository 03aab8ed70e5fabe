using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using LogSoftmaxKernel = EdgeMl.Mcu.Runtime.Kernels.LogSoftmax;
using P = EdgeMl.Mcu.Runtime.Kernels.ExpTable;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Softmax and its logarithm.</summary>
internal static class SoftmaxLowering
{
    /// <summary>Softmax with its fixed output quantisation.</summary>
    public static void Softmax(Node node, Softmax op, ProgramBuilder builder)
    {
        RequireOutput(node, 1f / 256, -128);
        Add(node, OpCode.Softmax, new int[P.Count], SoftmaxScaling.For(ProgramBuilder.Int8(node.Input).Scale, op.Beta), builder);
    }

    /// <summary>LogSoftmax with its fixed output quantisation.</summary>
    public static void LogSoftmax(Node node, ProgramBuilder builder)
    {
        RequireOutput(node, 16f / 256, 127);
        SoftmaxScaling scaling = SoftmaxScaling.For(ProgramBuilder.Int8(node.Input).Scale, 1);
        QuantizedMultiplier reverse = scaling.Reverse();
        var parameters = new int[LogSoftmaxKernel.Count];
        parameters[LogSoftmaxKernel.Multiplier] = scaling.Factor.Multiplier;
        parameters[LogSoftmaxKernel.Shift] = scaling.Factor.Shift;
        parameters[LogSoftmaxKernel.ReverseMultiplier] = reverse.Multiplier;
        parameters[LogSoftmaxKernel.ReverseShift] = reverse.Shift;
        parameters[LogSoftmaxKernel.LeastDifference] = scaling.LeastDifference;
        Add(node, OpCode.LogSoftmax, parameters, scaling, builder);
    }

    private static void RequireOutput(Node node, float scale, int zeroPoint)
    {
        Quantization output = ProgramBuilder.Int8(node.Output);
        if (output.Scale != scale || output.ZeroPoint != zeroPoint)
            throw new LoweringException($"its output has the scale {output.Scale} and zero point {output.ZeroPoint} instead of {scale} and {zeroPoint}");
    }

    /// <summary>Adds a layer of a kernel that takes the exponentials of int8 differences from a table.</summary>
    internal static void Add(Node node, OpCode kernel, int[] parameters, SoftmaxScaling scaling, ProgramBuilder builder)
    {
        int[] table = scaling.ExpTable();
        int depth = node.Input.Shape[-1];
        parameters[P.Rows] = node.Input.Shape.ElementCount / depth;
        parameters[P.Depth] = depth;
        parameters[P.Entries] = table.Length;
        builder.Add(node, kernel, parameters, MemoryMarshal.AsBytes<int>(table).ToArray(), inPlace: true);
    }
}
