using EdgeMl.Mcu.Toolchain.Calibrating;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Pruning;

/// <summary>The values that the weights of an output of a quantised layer can have, and its bias.</summary>
/// <param name="Scale">Distance of neighbouring weights.</param>
/// <param name="ZeroPoint">Integer of the weight 0.</param>
/// <param name="Min">Smallest integer.</param>
/// <param name="Max">Largest integer.</param>
/// <param name="BiasScale">Distance of neighbouring biases.</param>
internal sealed record WeightGrid(double Scale, int ZeroPoint, int Min, int Max, double BiasScale)
{
    /// <summary>The grid of each output of a layer; null for float weights.</summary>
    public static WeightGrid[]? Of(LinearNode layer)
    {
        Tensor weights = layer.Node.Inputs[1]!;
        if (weights.Data is not sbyte[] elements)
            return null;
        Quantization quantization = weights.Quantization!;
        // A tensor that avoids -128 keeps doing so: its kernels may count on it.
        int min = Array.IndexOf(elements, sbyte.MinValue) >= 0 ? sbyte.MinValue : -sbyte.MaxValue;
        return [.. Enumerable.Range(0, layer.Outputs).Select(output => new WeightGrid(
            quantization.ScaleOf(output), quantization.ZeroPoints[quantization.IsPerChannel ? output : 0], min, sbyte.MaxValue,
            (double)layer.Node.Input.Quantization!.Scale * quantization.ScaleOf(output)))];
    }

    /// <summary>The integer of the nearest weight.</summary>
    public int Integer(double weight) => (int)Math.Clamp(Math.Round(weight / Scale, MidpointRounding.AwayFromZero) + ZeroPoint, Min, Max);

    /// <summary>The nearest weight.</summary>
    public double Nearest(double weight) => (Integer(weight) - ZeroPoint) * Scale;

    /// <summary>The integer of the nearest bias.</summary>
    public int BiasInteger(double bias) => (int)Math.Clamp(Math.Round(bias / BiasScale, MidpointRounding.AwayFromZero), int.MinValue, int.MaxValue);
}
