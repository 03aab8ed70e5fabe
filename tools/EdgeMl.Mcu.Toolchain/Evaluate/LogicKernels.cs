using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Operators that give or take booleans and indices; both are real numbers here, false 0 and true 1.</summary>
internal static class LogicKernels
{
    public static void ArgReduce(NodeCall call)
    {
        var op = call.Operator<ArgReduce>();
        Shape shape = call.ShapeOf(0);
        int inner = shape.Strides()[op.Axis], depth = shape[op.Axis];
        for (int i = 0; i < call.Output.Length; i++)
        {
            int start = (i / inner * depth * inner) + (i % inner);
            int best = 0;
            for (int k = 1; k < depth; k++)
            {
                float value = call.Input[start + (k * inner)], extreme = call.Input[start + (best * inner)];
                if (op.Kind == ArgReduceKind.ArgMax ? value > extreme : value < extreme)
                    best = k;
            }
            call.Output[i] = best;
        }
    }

    public static void Compare(NodeCall call)
    {
        CompareKind kind = call.Operator<Compare>().Kind;
        float[] a = call.Required(0), b = call.Required(1);
        RowCursor rows = Elements(call);
        while (rows.MoveNext())
            call.Output[rows[0]] = Holds(kind, a[rows[1]], b[rows[2]]) ? 1 : 0;
    }

    public static void Select(NodeCall call)
    {
        float[] condition = call.Required(0), a = call.Required(1), b = call.Required(2);
        RowCursor rows = Elements(call);
        while (rows.MoveNext())
            call.Output[rows[0]] = condition[rows[1]] != 0 ? a[rows[2]] : b[rows[3]];
    }

    /// <summary>Towards zero for integers; a boolean is whether the value is not 0.</summary>
    public static void Cast(NodeCall call)
    {
        ElementType type = call.Node.Output.Type;
        for (int i = 0; i < call.Output.Length; i++)
            call.Output[i] = type == ElementType.Float32 ? call.Input[i] : type == ElementType.Bool ? (call.Input[i] != 0 ? 1 : 0) : MathF.Truncate(call.Input[i]);
    }

    public static void GatherElements(NodeCall call)
    {
        int axis = call.Operator<GatherElements>().Axis;
        Shape shape = call.ShapeOf(0);
        int[]?[] selection = new int[]?[shape.Rank];
        selection[axis] = Array.ConvertAll(call.Required(1), index => Math.Clamp((int)index, 0, shape[axis] - 1));
        SelectedCopy.Copy<float>(call.Input, shape, selection, call.Output);
    }

    private static bool Holds(CompareKind kind, float a, float b) => kind switch
    {
        CompareKind.Equal => a == b,
        CompareKind.NotEqual => a != b,
        CompareKind.Greater => a > b,
        CompareKind.GreaterEqual => a >= b,
        CompareKind.Less => a < b,
        _ => a <= b,
    };

    /// <summary>All elements of the output, and those of each input that they come from.</summary>
    private static RowCursor Elements(NodeCall call)
    {
        Shape shape = call.Node.Output.Shape;
        int[][] inputs = [.. Enumerable.Range(0, call.Inputs.Length).Select(i => call.ShapeOf(i).BroadcastStrides(shape).Append(0).ToArray())];
        return new RowCursor([.. shape, 1], [[.. shape.Strides(), 0], .. inputs]);
    }
}
