using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Matrix products over the last two axes, the others broadcast.</summary>
internal static class BatchMatMulKernel
{
    public static void Run(NodeCall call)
    {
        var op = call.Operator<BatchMatMul>();
        Shape output = call.Node.Output.Shape;
        int rows = output[-2], columns = output[-1];
        int depth = call.ShapeOf(0)[op.TransposeFirst ? -2 : -1];
        (int rowStride, int step1) = op.TransposeFirst ? (1, rows) : (depth, 1);
        (int columnStride, int step2) = op.TransposeSecond ? (depth, 1) : (1, columns);
        int[] batches = output.ToArray()[..^2];
        // A last axis of size 1 makes each matrix a row of the cursor.
        var matrices = new RowCursor([.. batches, 1], BatchStrides(call.ShapeOf(0), output.Rank), BatchStrides(call.ShapeOf(1), output.Rank));
        int y = 0;
        while (matrices.MoveNext())
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    int x1 = matrices[0] + i * rowStride, x2 = matrices[1] + j * columnStride;
                    float sum = 0;
                    for (int k = 0; k < depth; k++)
                        sum += call.Input[x1 + k * step1] * call.Required(1)[x2 + k * step2];
                    call.Output[y++] = sum;
                }
            }
        }
    }

    /// <summary>Strides in elements of the axes before the last two, right-aligned to a rank; 0 where an input is repeated.</summary>
    public static int[] BatchStrides(Shape shape, int rank)
    {
        int[] own = shape.Strides();
        var strides = new int[rank - 2];
        for (int i = 3; i <= shape.Rank; i++)
            strides[rank - i] = shape[-i] == 1 ? 0 : own[shape.Rank - i];
        return strides;
    }
}
