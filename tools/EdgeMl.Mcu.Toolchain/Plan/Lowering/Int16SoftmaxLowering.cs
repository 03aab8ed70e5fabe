using System.Runtime.InteropServices;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan.Tables;
using K = EdgeMl.Mcu.Runtime.Typed.SoftmaxInt16;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Softmax with int16 results.</summary>
internal static class Int16SoftmaxLowering
{
    /// <summary>Softmax of int16, by tables, or of int8, with the exponentials of the int8 kernel.</summary>
    public static void Softmax(Node node, Softmax op, ProgramBuilder builder)
    {
        if (node.Input.Type == ElementType.Int8)
        {
            RequireOutput(node, 1f / 65536, short.MinValue);
            SoftmaxLowering.Add(node, OpCode.SoftmaxToInt16, new int[Runtime.Kernels.ExpTable.Count], SoftmaxScaling.For(ProgramBuilder.Int8(node.Input).Scale, op.Beta), builder);
            return;
        }
        Int16LinearLowering.RequireInt16(node);
        RequireOutput(node, 1f / 32768, 0);
        QuantizedMultiplier factor = QuantizedMultiplier.FromReal((double)ProgramBuilder.Activation(node.Input).Scale * op.Beta / (10.0 / 65535.0));
        var parameters = new int[K.Count];
        parameters[K.Depth] = node.Input.Shape[-1];
        parameters[K.Multiplier] = factor.Multiplier;
        parameters[K.Shift] = factor.Shift;
        short[] exponentials = Int16Table.Build(10f / ushort.MaxValue, short.MaxValue, 2f / ushort.MaxValue, MathF.Exp);
        short[] reciprocals = Int16Table.Build(1f / ushort.MaxValue, short.MinValue, 2f / ushort.MaxValue, x => 1 / (1 + x));
        ConversionLowering.Add(node, OpCode.SoftmaxInt16, parameters, MemoryMarshal.AsBytes<short>([.. exponentials, .. reciprocals]).ToArray(), builder);
    }

    private static void RequireOutput(Node node, float scale, int zeroPoint)
    {
        Quantization output = ProgramBuilder.Activation(node.Output);
        if (node.Output.Type != ElementType.Int16 || Math.Abs(output.Scale - scale) > 0.001 * scale || output.ZeroPoint != zeroPoint)
            throw new LoweringException($"its output is {node.Output.Type.JsonName()} with the scale {output.Scale} and zero point {output.ZeroPoint} instead of {scale} and {zeroPoint}");
    }
}
