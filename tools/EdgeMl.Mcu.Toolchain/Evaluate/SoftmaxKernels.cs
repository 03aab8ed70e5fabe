using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Softmax and its logarithm over the last axis. The row's maximum is subtracted first, so that no exponential overflows.</summary>
internal static class SoftmaxKernels
{
    public static void Softmax(NodeCall call)
    {
        float beta = call.Operator<Softmax>().Beta;
        ForEachRow(call, (x, y) =>
        {
            TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), y);
            TensorPrimitives.Multiply(y, beta, y);
            TensorPrimitives.Exp(y, y);
            TensorPrimitives.Divide(y, TensorPrimitives.Sum<float>(y), y);
        });
    }

    public static void LogSoftmax(NodeCall call) => ForEachRow(call, (x, y) =>
    {
        float max = TensorPrimitives.Max(x);
        TensorPrimitives.Subtract(x, max, y);
        TensorPrimitives.Exp(y, y);
        float logSum = MathF.Log(TensorPrimitives.Sum<float>(y));
        TensorPrimitives.Subtract(x, max, y);
        TensorPrimitives.Subtract(y, logSum, y);
    });

    private delegate void RowKernel(ReadOnlySpan<float> x, Span<float> y);

    private static void ForEachRow(NodeCall call, RowKernel kernel)
    {
        Shape shape = call.ShapeOf(0);
        int length = shape.Rank == 0 ? 1 : shape[-1];
        for (int offset = 0; offset < call.Input.Length; offset += length)
            kernel(call.Input.AsSpan(offset, length), call.Output.AsSpan(offset, length));
    }
}
