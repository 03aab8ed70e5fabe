using EdgeMl.Mcu.Toolchain.Graph;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary><c>y = activation(W x + b)</c> for each batch of K elements.</summary>
internal static class FullyConnectedKernel
{
    public static void Run(NodeCall call)
    {
        Shape w = call.ShapeOf(1);
        int outputs = w[0], inputs = w[1], batches = call.Input.Length / inputs;
        ReadOnlySpan<float> weights = call.Required(1);
        float[]? bias = call.OrNull(2);
        for (int batch = 0; batch < batches; batch++)
        {
            ReadOnlySpan<float> x = call.Input.AsSpan(batch * inputs, inputs);
            for (int i = 0; i < outputs; i++)
            {
                float sum = TensorPrimitives.Dot(x, weights.Slice(i * inputs, inputs));
                call.Output[batch * outputs + i] = bias is null ? sum : sum + bias[i];
            }
        }
        call.Operator<FullyConnected>().Activation.Apply(call.Output);
    }
}
