using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Reductions over any axes.</summary>
internal static class ReductionKernels
{
    private delegate float RowReduction(ReadOnlySpan<float> row);

    private delegate void Combination(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result);

    public static void Mean(NodeCall call)
    {
        int[] axes = call.Operator<Mean>().Axes;
        Run(call, axes, 0, TensorPrimitives.Sum, TensorPrimitives.Add);
        int count = axes.Aggregate(1, (product, axis) => product * call.ShapeOf(0)[axis]);
        TensorPrimitives.Divide(call.Output, count, call.Output);
    }

    public static void Reduce(NodeCall call)
    {
        var op = call.Operator<Reduce>();
        switch (op.Kind)
        {
            case ReduceKind.Max:
                Run(call, op.Axes, float.NegativeInfinity, TensorPrimitives.Max, TensorPrimitives.Max);
                break;
            case ReduceKind.Min:
                Run(call, op.Axes, float.PositiveInfinity, TensorPrimitives.Min, TensorPrimitives.Min);
                break;
            default:
                Run(call, op.Axes, 0, TensorPrimitives.Sum, TensorPrimitives.Add);
                break;
        }
    }

    private static void Run(NodeCall call, int[] axes, float start, RowReduction reduceRow, Combination combine)
    {
        int[] dimensions = call.ShapeOf(0).ToArray();
        int[] kept = [.. dimensions.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)];
        int[] outputStrides = new Shape(kept).Strides();
        foreach (int axis in axes)
            outputStrides[axis] = 0;

        int rowLength = dimensions.Length == 0 ? 1 : dimensions[^1];
        bool reducesRow = axes.Contains(dimensions.Length - 1);
        call.Output.AsSpan().Fill(start);
        var rows = new RowCursor(dimensions, new Shape(dimensions).Strides(), outputStrides);
        while (rows.MoveNext())
        {
            ReadOnlySpan<float> row = call.Input.AsSpan(rows[0], rowLength);
            Span<float> results = call.Output.AsSpan(rows[1], reducesRow ? 1 : rowLength);
            if (reducesRow)
                combine(results, [reduceRow(row)], results);
            else
                combine(results, row, results);
        }
    }
}
