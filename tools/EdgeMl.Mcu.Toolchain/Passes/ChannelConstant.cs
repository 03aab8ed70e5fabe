using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Passes;

/// <summary>A multiplication or addition of one constant for each channel (last axis): <c>y = Factor[c] * x + Addend[c]</c>.</summary>
internal sealed record ChannelConstant(Tensor Input, float[] Factor, float[] Addend)
{
    /// <summary>Reads a float Add, Sub, Mul or Div with a finite constant for each channel or for all; null for anything else.</summary>
    public static ChannelConstant? Read(Node node)
    {
        if (node.Operator is not Binary { Activation: Activation.None } binary || !GraphEdits.IsFloat(node))
            return null;
        bool isSecond = node.Inputs[1]!.IsConstant;
        Tensor constant = node.Inputs[isSecond ? 1 : 0]!;
        Tensor input = node.Inputs[isSecond ? 0 : 1]!;
        if (!constant.IsConstant || input.IsConstant || !input.Shape.Equals(node.Output.Shape) || input.Shape.Rank == 0)
            return null;
        int channels = input.Shape[-1];
        int count = constant.Shape.ElementCount;
        if (count != 1 && (count != channels || constant.Shape[-1] != channels))
            return null;
        var values = (float[])ConstantData.Broadcast(constant.Data!, new Shape(count), new Shape(channels));
        if (!values.All(float.IsFinite))
            return null;
        float[] zeros = new float[channels];
        float[] ones = [.. values.Select(_ => 1f)];
        return (binary.Kind, isSecond) switch
        {
            (BinaryKind.Add, _) => new(input, ones, values),
            (BinaryKind.Sub, true) => new(input, ones, [.. values.Select(v => -v)]),
            (BinaryKind.Sub, false) => new(input, [.. values.Select(_ => -1f)], values),
            (BinaryKind.Mul, _) => new(input, values, zeros),
            (BinaryKind.Div, true) when !values.Contains(0) => new(input, [.. values.Select(v => 1 / v)], zeros),
            _ => null,
        };
    }
}
