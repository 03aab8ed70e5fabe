using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Mean over any axes.</summary>
internal static class MeanKernel
{
    public static void Run(NodeCall call)
    {
        int[] axes = call.Operator<Mean>().Axes;
        int[] dimensions = call.ShapeOf(0).ToArray();
        int[] kept = [.. dimensions.Select((dimension, axis) => axes.Contains(axis) ? 1 : dimension)];
        int[] outputStrides = new Shape(kept).Strides();
        foreach (int axis in axes)
            outputStrides[axis] = 0;

        int rowLength = dimensions[^1];
        bool reducesRow = axes.Contains(dimensions.Length - 1);
        call.Output.AsSpan().Clear();
        var rows = new RowCursor(dimensions, new Shape(dimensions).Strides(), outputStrides);
        while (rows.MoveNext())
        {
            ReadOnlySpan<float> row = call.Input.AsSpan(rows[0], rowLength);
            if (reducesRow)
            {
                call.Output[rows[1]] += TensorPrimitives.Sum(row);
            }
            else
            {
                Span<float> sums = call.Output.AsSpan(rows[1], rowLength);
                TensorPrimitives.Add(sums, row, sums);
            }
        }
        int count = axes.Aggregate(1, (product, axis) => product * dimensions[axis]);
        TensorPrimitives.Divide(call.Output, count, call.Output);
    }
}
