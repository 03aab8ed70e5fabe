using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using K = EdgeMl.Mcu.Runtime.Kernels.L2Normalization;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Normalisation of rows.</summary>
internal static class NormalizationLowering
{
    /// <summary>L2Normalization. Its output is in 1/128 whatever scale the model declares, as in the TensorFlow Lite reference.</summary>
    public static void L2Normalization(Node node, ProgramBuilder builder)
    {
        int depth = node.Input.Shape[-1];
        if (depth > K.MaxDepth)
            throw new LoweringException($"its rows have {depth} elements, more than {K.MaxDepth}");
        var parameters = new int[K.Count];
        parameters[K.Rows] = node.Input.Shape.ElementCount / depth;
        parameters[K.Depth] = depth;
        parameters[K.ZeroPoint] = ProgramBuilder.Int8(node.Input).ZeroPoint;
        builder.Add(node, OpCode.L2Normalization, parameters, inPlace: true);
    }
}
