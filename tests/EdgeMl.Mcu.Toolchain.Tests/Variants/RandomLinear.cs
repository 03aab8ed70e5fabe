using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using DepthwiseConv2D = EdgeMl.Mcu.Runtime.Kernels.DepthwiseConv2D;
using FullyConnected = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Toolchain.Tests.Variants;

/// <summary>Linear layers with random shapes, zero points, multipliers, shifts and clamps; weights and inputs are any or all at their extremes.</summary>
internal static class RandomLinear
{
    /// <summary>A depthwise convolution; most have the sizes that models have.</summary>
    public static DeviceLayer Depthwise(Random random)
    {
        var parameters = new int[DepthwiseConv2D.Count];
        int inputChannels = random.Next(1, 6);
        int channels = inputChannels * (random.Next(4) == 0 ? random.Next(1, 4) : 1);
        parameters[P.Batches] = random.Next(8) == 0 ? 2 : 1;
        parameters[P.InputChannels] = inputChannels;
        parameters[P.OutputChannels] = channels;
        for (int axis = 0; axis < 2; axis++)
        {
            parameters[P.InputHeight + axis] = random.Next(1, 20);
            parameters[P.OutputHeight + axis] = random.Next(1, 20);
            parameters[P.KernelHeight + axis] = random.Next(2) == 0 ? 3 : random.Next(1, 7);
            parameters[P.StrideHeight + axis] = random.Next(2) == 0 ? 1 : random.Next(1, 4);
            parameters[P.DilationHeight + axis] = random.Next(6) == 0 ? 2 : 1;
            parameters[P.PadTop + axis] = random.Next(4);
        }
        parameters[DepthwiseConv2D.InputZeroPoint] = random.Next(-128, 128);
        SetOutput(parameters, DepthwiseConv2D.OutputZeroPoint, P.ActivationMin, P.ActivationMax, random);
        int taps = parameters[P.KernelHeight] * parameters[P.KernelWidth];
        var shape = new Shape(parameters[P.Batches], parameters[P.OutputHeight], parameters[P.OutputWidth], channels);
        int input = parameters[P.Batches] * parameters[P.InputHeight] * parameters[P.InputWidth] * inputChannels;
        return SingleLayer.Create(OpCode.DepthwiseConv2D, parameters, Weights(channels, taps, random), P.Input, input, P.Output, shape);
    }

    /// <summary>A 3x3 depthwise convolution with strides of 1 and a rectifier.</summary>
    public static DeviceLayer RectifiedDepthwise3x3(Random random)
    {
        DeviceLayer any = Depthwise(random);
        int[] p = any.Parameters;
        for (int axis = 0; axis < 2; axis++)
        {
            p[P.KernelHeight + axis] = 3;
            p[P.StrideHeight + axis] = p[P.DilationHeight + axis] = 1;
            p[P.PadTop + axis] = random.Next(2);
            p[P.InputHeight + axis] = random.Next(2, 20);
            p[P.OutputHeight + axis] = Math.Max(1, p[P.InputHeight + axis] + p[P.PadTop + axis] - 1 - random.Next(3));
        }
        p[P.ActivationMin] = p[DepthwiseConv2D.OutputZeroPoint];
        p[P.ActivationMax] = random.Next(2) == 0 ? 127 : random.Next(p[P.ActivationMin], 128);
        var shape = new Shape(p[P.Batches], p[P.OutputHeight], p[P.OutputWidth], p[P.OutputChannels]);
        int input = p[P.Batches] * p[P.InputHeight] * p[P.InputWidth] * p[P.InputChannels];
        return SingleLayer.Create(OpCode.DepthwiseConv2D, p, Weights(p[P.OutputChannels], 9, random), P.Input, input, P.Output, shape);
    }

    /// <summary>A fully connected layer with one row.</summary>
    public static DeviceLayer FullyConnectedRow(Random random)
    {
        var parameters = new int[FullyConnected.Count];
        int depth = random.Next(3) == 0 ? random.Next(1, 24) : random.Next(1, 900);
        int channels = random.Next(4) == 0 ? random.Next(1, 300) : random.Next(1, 20);
        parameters[FullyConnected.Batches] = 1;
        parameters[FullyConnected.InputDepth] = depth;
        parameters[FullyConnected.OutputDepth] = channels;
        SetOutput(parameters, FullyConnected.OutputZeroPoint, FullyConnected.ActivationMin, FullyConnected.ActivationMax, random);
        return SingleLayer.Create(
            OpCode.FullyConnected, parameters, Weights(channels, depth, random), FullyConnected.Input, depth, FullyConnected.Output, new Shape(1, channels));
    }

    /// <summary>Inputs for a layer.</summary>
    public static sbyte[] Input(DeviceLayer layer, Random random)
    {
        var values = new sbyte[layer.Reads[0].Buffer.Bytes];
        Fill(values, random);
        return values;
    }

    private static byte[] Weights(int channels, int taps, Random random)
    {
        var weights = new sbyte[taps * channels];
        Fill(weights, random);
        byte[] bytes = new byte[ChannelTable.Bytes(weights.Length, channels)];
        for (int i = 0; i < weights.Length; i++)
            bytes[i] = (byte)weights[i];
        int table = ChannelTable.Start(0, weights.Length);
        bool unusual = random.Next(6) == 0;
        for (int c = 0; c < channels; c++)
        {
            int bias = random.Next(-30_000, 30_000);
            int multiplier = random.Next(20) == 0 ? 0 : random.Next(1 << 30, int.MaxValue);
            int shift = unusual ? random.Next(-31, 8) : random.Next(-12, -4);
            BitConverter.TryWriteBytes(bytes.AsSpan(table + (4 * c)), bias);
            BitConverter.TryWriteBytes(bytes.AsSpan(table + (4 * (channels + c))), multiplier);
            bytes[table + (8 * channels) + c] = (byte)shift;
        }
        return bytes;
    }

    /// <summary>Any values, or only the greatest and least, or all the same, whose sums are the largest.</summary>
    private static void Fill(sbyte[] values, Random random)
    {
        int kind = random.Next(6);
        for (int i = 0; i < values.Length; i++)
            values[i] = (sbyte)(kind == 0 ? (random.Next(2) == 0 ? 127 : -128) : kind == 1 ? -128 : kind == 2 ? 127 : random.Next(-128, 128));
    }

    private static void SetOutput(int[] parameters, int zeroPoint, int low, int high, Random random)
    {
        int point = random.Next(-128, 128);
        parameters[zeroPoint] = point;
        parameters[low] = random.Next(3) switch { 0 => -128, 1 => point, _ => random.Next(-128, 128) };
        parameters[high] = random.Next(2) == 0 ? 127 : random.Next(parameters[low], 128);
    }
}
