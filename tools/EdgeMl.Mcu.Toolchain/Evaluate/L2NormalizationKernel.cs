using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Rows of the last axis divided by their Euclidean norm, which counts as at least 1e-6.</summary>
internal static class L2NormalizationKernel
{
    private const float LeastNorm = 1e-6f;

    public static void Run(NodeCall call)
    {
        int depth = call.ShapeOf(0)[-1];
        for (int start = 0; start < call.Input.Length; start += depth)
        {
            ReadOnlySpan<float> row = call.Input.AsSpan(start, depth);
            TensorPrimitives.Divide(row, Math.Max(TensorPrimitives.Norm(row), LeastNorm), call.Output.AsSpan(start, depth));
        }
    }
}
