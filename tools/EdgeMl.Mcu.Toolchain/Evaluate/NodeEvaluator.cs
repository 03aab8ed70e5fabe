using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Evaluates one node by itself in float32, for constant folding.</summary>
public static class NodeEvaluator
{
    /// <summary>Whether <see cref="Evaluate(Node, IReadOnlyList{float[]})"/> knows the operator.</summary>
    public static bool Supports(Operator op) => FloatKernels.Supports(op);

    /// <summary>Computes a node's outputs. Integers beyond ±2^24 lose their last bits in float32.</summary>
    /// <param name="node">The node; the shapes of its tensors are used, and its outputs' quantisation where it is a Quantize node.</param>
    /// <param name="inputs">Real values of each input, row-major, null where an optional input is absent.</param>
    /// <returns>Real values of each output, row-major, in new arrays.</returns>
    /// <exception cref="ToolchainException">
    /// <see cref="ErrorCodes.UnsupportedOperator"/>, or <see cref="ErrorCodes.ShapeMismatch"/> where a value's length is not its tensor's.
    /// </exception>
    public static float[][] Evaluate(Node node, IReadOnlyList<float[]?> inputs)
    {
        FloatKernels.CheckSupported([node]);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is { } tensor && inputs[i]?.Length != tensor.Shape.ElementCount)
            {
                throw new ToolchainException(
                    ErrorCodes.ShapeMismatch,
                    $"Input {i} of {node} has {inputs[i]?.Length ?? 0} values, its shape {tensor.Shape} has {tensor.Shape.ElementCount}.");
            }
        }
        float[][] outputs = [.. node.Outputs.Select(output => new float[output.Shape.ElementCount])];
        FloatKernels.Of(node.Operator)(new NodeCall(node, [.. inputs], outputs));
        return outputs;
    }

    /// <summary>Computes the outputs of a node whose inputs are all constants (or absent).</summary>
    /// <exception cref="InvalidOperationException">An input is not constant.</exception>
    public static float[][] Evaluate(Node node) => Evaluate(node, [.. node.Inputs.Select(input => input?.Reals())]);
}
