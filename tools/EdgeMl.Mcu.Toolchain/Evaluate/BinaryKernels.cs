using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Two inputs element by element with NumPy broadcasting.</summary>
internal static class BinaryKernels
{
    private delegate void RowKernel(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result);

    private static readonly Dictionary<BinaryKind, RowKernel> ByKind = new()
    {
        [BinaryKind.Add] = TensorPrimitives.Add,
        [BinaryKind.Sub] = TensorPrimitives.Subtract,
        [BinaryKind.Mul] = TensorPrimitives.Multiply,
        [BinaryKind.Div] = TensorPrimitives.Divide,
        [BinaryKind.Maximum] = TensorPrimitives.Max,
        [BinaryKind.Minimum] = TensorPrimitives.Min,
        [BinaryKind.SquaredDifference] = SquaredDifference,
        [BinaryKind.PRelu] = PRelu,
        [BinaryKind.Power] = TensorPrimitives.Pow,
    };

    public static void Run(NodeCall call)
    {
        var op = call.Operator<Binary>();
        RowKernel kernel = ByKind[op.Kind];
        float[] a = call.Required(0), b = call.Required(1);
        if (call.ShapeOf(0).Equals(call.ShapeOf(1)))
            kernel(a, b, call.Output);
        else
            RunBroadcast(call, kernel, a, b);
        op.Activation.Apply(call.Output);
    }

    private static void RunBroadcast(NodeCall call, RowKernel kernel, float[] a, float[] b)
    {
        Shape shape = call.Node.Output.Shape;
        int length = shape.Rank == 0 ? 1 : shape[-1];
        int[] stridesA = call.ShapeOf(0).BroadcastStrides(shape), stridesB = call.ShapeOf(1).BroadcastStrides(shape);
        Span<float> scratch = call.Scratch(2 * length);
        var rows = new RowCursor(shape.ToArray(), shape.Strides(), stridesA, stridesB);
        while (rows.MoveNext())
        {
            kernel(
                Row(a, rows[1], stridesA, length, scratch[..length]),
                Row(b, rows[2], stridesB, length, scratch[length..]),
                call.Output.AsSpan(rows[0], length));
        }
    }

    private static ReadOnlySpan<float> Row(float[] values, int offset, int[] strides, int length, Span<float> scratch)
    {
        if (length == 1 || strides[^1] != 0)
            return values.AsSpan(offset, length);
        scratch.Fill(values[offset]);
        return scratch;
    }

    private static void SquaredDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result)
    {
        TensorPrimitives.Subtract(a, b, result);
        TensorPrimitives.Multiply(result, result, result);
    }

    private static void PRelu(ReadOnlySpan<float> x, ReadOnlySpan<float> slope, Span<float> result)
    {
        for (int i = 0; i < x.Length; i++)
            result[i] = x[i] < 0 ? x[i] * slope[i] : x[i];
    }
}
