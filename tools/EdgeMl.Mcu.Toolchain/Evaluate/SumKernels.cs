using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Sums of several inputs and running sums.</summary>
internal static class SumKernels
{
    public static void AddN(NodeCall call)
    {
        call.Input.CopyTo(call.Output, 0);
        for (int i = 1; i < call.Inputs.Length; i++)
            TensorPrimitives.Add(call.Output, call.Required(i), call.Output);
    }

    public static void CumSum(NodeCall call)
    {
        var op = call.Operator<CumSum>();
        Shape shape = call.ShapeOf(0);
        int depth = shape[op.Axis], inner = shape.Strides()[op.Axis];
        for (int start = 0; start < call.Input.Length; start += depth * inner)
        {
            for (int i = 0; i < inner; i++)
            {
                float sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    int at = start + i + inner * (op.Reverse ? depth - 1 - k : k);
                    float before = sum;
                    sum += call.Input[at];
                    call.Output[at] = op.Exclusive ? before : sum;
                }
            }
        }
    }
}
