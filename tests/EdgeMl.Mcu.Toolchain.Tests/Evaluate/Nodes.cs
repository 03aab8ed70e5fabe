using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Tests.Evaluate;

/// <summary>Runs single nodes and makes their data.</summary>
internal static class Nodes
{
    /// <summary>Runs an operator on constants.</summary>
    public static float[] Run(Operator op, Shape output, params (Shape Shape, float[] Values)?[] inputs)
    {
        Tensor?[] tensors = [.. inputs.Select((input, i) => input is { } value ? Tensor.Constant($"input{i}", value.Shape, value.Values) : null)];
        var node = new Node("node", op, tensors, new Tensor("output", ElementType.Float32, output));
        return NodeEvaluator.Evaluate(node)[0];
    }

    /// <summary>
    /// Odd multiples of 1/64 in (-4, 4), the same for the same seed: never 0, and sums of up to 256 products are exact in float32.
    /// </summary>
    public static float[] Random(int seed, Shape shape)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.ElementCount).Select(_ => (2 * random.Next(-128, 128) + 1) / 64f)];
    }

    /// <summary>Whether each value is within 1e-5 + 1e-4 |expected| of the expected one, the tolerance against TFLite.</summary>
    public static bool AreClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual) =>
        expected.Count == actual.Count
        && expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5 + 1e-4 * Math.Abs(pair.First));

    /// <summary>The clamp of a fused activation.</summary>
    public static double Clamp(Activation activation, double value) => activation switch
    {
        Activation.Relu => Math.Max(0, value),
        Activation.Relu6 => Math.Min(6, Math.Max(0, value)),
        Activation.ReluN1To1 => Math.Min(1, Math.Max(-1, value)),
        _ => value,
    };
}
