using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Operators that move elements and compute nothing.</summary>
internal static class MovementKernels
{
    public static void Reshape(NodeCall call) => call.Input.CopyTo(call.Output, 0);

    public static void Transpose(NodeCall call) =>
        StridedCopy.Transpose<float>(call.Input, call.ShapeOf(0), call.Operator<Transpose>().Permutation, call.Output);

    public static void StridedSlice(NodeCall call)
    {
        var op = call.Operator<StridedSlice>();
        int[] source = call.ShapeOf(0).Strides();
        int begin = 0;
        var steps = new int[source.Length];
        for (int axis = 0; axis < source.Length; axis++)
        {
            begin += op.Begin[axis] * source[axis];
            steps[axis] = op.Strides[axis] * source[axis];
        }
        Shape target = call.Node.Output.Shape;
        StridedCopy.Copy<float>(call.Input, begin, steps, call.Output, 0, target.Strides(), target.ToArray());
    }

    public static void Pad(NodeCall call)
    {
        var op = call.Operator<Pad>();
        Shape source = call.ShapeOf(0);
        int[] target = call.Node.Output.Shape.Strides();
        int offset = 0;
        for (int axis = 0; axis < target.Length; axis++)
            offset += op.Before[axis] * target[axis];
        call.Output.AsSpan().Fill(op.Value);
        StridedCopy.Copy<float>(call.Input, 0, source.Strides(), call.Output, offset, target, source.ToArray());
    }

    public static void Concatenation(NodeCall call)
    {
        int axis = call.Operator<Concatenation>().Axis;
        int[] target = call.Node.Output.Shape.Strides();
        int offset = 0;
        for (int i = 0; i < call.Inputs.Length; i++)
        {
            Shape source = call.ShapeOf(i);
            StridedCopy.Copy<float>(call.Required(i), 0, source.Strides(), call.Output, offset, target, source.ToArray());
            offset += source[axis] * target[axis];
        }
    }

    public static void BroadcastTo(NodeCall call)
    {
        Shape target = call.Node.Output.Shape;
        StridedCopy.Copy<float>(call.Input, 0, call.ShapeOf(0).BroadcastStrides(target), call.Output, 0, target.Strides(), target.ToArray());
    }

    /// <summary>Gather, MirrorPad and ResizeNearest.</summary>
    public static void Select(NodeCall call)
    {
        Shape source = call.ShapeOf(0), target = call.Node.Output.Shape;
        SelectedCopy.Copy<float>(call.Input, source, AxisSelection.Of(call.Node.Operator, source, target), call.Output);
    }
}
