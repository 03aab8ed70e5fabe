using System.Buffers.Binary;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Weights of linear layers as the kernels read them: int8 weights, then bias, multiplier and shift of each output channel.</summary>
internal static class ChannelTableBuilder
{
    /// <summary>int8 weights of a linear layer.</summary>
    /// <exception cref="LoweringException">They are no int8 constant, or have scales that do not fit.</exception>
    public static sbyte[] Weights(Node node, int channels)
    {
        Tensor tensor = node.Inputs[1]!;
        if (tensor.Data is not sbyte[] weights)
            throw new LoweringException($"its weights '{tensor.Name}' are {(tensor.IsConstant ? tensor.Type.JsonName() : "computed at run time")}");
        if (tensor.Quantization is null || (tensor.Quantization.IsPerChannel && tensor.Quantization.Scales.Length != channels))
            throw new LoweringException($"its weights '{tensor.Name}' have no scale for each of {channels} channels");
        return weights;
    }

    /// <summary>int8 weights [1, KH, KW, OC] of a depthwise layer, each channel's window brought into one piece.</summary>
    /// <exception cref="LoweringException">As <see cref="Weights"/>.</exception>
    public static sbyte[] DepthwiseWeights(Node node)
    {
        int channels = node.Inputs[1]!.Shape[3];
        sbyte[] source = Weights(node, channels);
        int taps = source.Length / channels;
        var weights = new sbyte[source.Length];
        for (int tap = 0; tap < taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++)
                weights[(channel * taps) + tap] = source[(tap * channels) + channel];
        }
        return weights;
    }

    /// <summary>
    /// Lays out weights [channels, taps] with their table. The bias gets <c>-zp_in * Σ w</c> (and <c>+ taps * zp_in * zp_w</c>), modulo 2^32, as the kernel's accumulator is.
    /// </summary>
    public static byte[] Build(Node node, sbyte[] weights, int channels, int inputZeroPoint, int weightZeroPoint, QuantizedMultiplier[] multipliers)
    {
        int taps = weights.Length / channels;
        int[] bias = Bias(node, channels);
        byte[] bytes = new byte[ChannelTable.Bytes(weights.Length, channels)];
        for (int i = 0; i < weights.Length; i++)
            bytes[i] = (byte)weights[i];
        Span<byte> table = bytes.AsSpan(ChannelTable.Start(0, weights.Length));
        for (int channel = 0; channel < channels; channel++)
        {
            int sum = 0;
            for (int i = 0; i < taps; i++)
                sum += weights[(channel * taps) + i];
            int folded = unchecked(bias[channel] - (inputZeroPoint * sum) + (taps * inputZeroPoint * weightZeroPoint));
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 * channel)..], folded);
            BinaryPrimitives.WriteInt32LittleEndian(table[(4 * (channels + channel))..], multipliers[channel].Multiplier);
            table[(8 * channels) + channel] = (byte)(sbyte)multipliers[channel].Shift;
        }
        return bytes;
    }

    /// <summary>One multiplier a channel, <c>s_in * s_w / s_out</c> in float64.</summary>
    public static QuantizedMultiplier[] Multipliers(Quantization input, Quantization weights, Quantization output, int channels)
    {
        var multipliers = new QuantizedMultiplier[channels];
        for (int channel = 0; channel < channels; channel++)
            multipliers[channel] = QuantizedMultiplier.FromReal((double)input.Scale * weights.ScaleOf(channel) / output.Scale);
        return multipliers;
    }

    private static int[] Bias(Node node, int channels)
    {
        Tensor? tensor = node.InputOrNull(2);
        if (tensor is null)
            return new int[channels];
        return tensor.Data as int[] ?? throw new LoweringException($"its bias '{tensor.Name}' is {tensor.Type.JsonName()} instead of int32");
    }
}
