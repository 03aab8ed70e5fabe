using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Tests.Host;

/// <summary>Layers with any sizes, strides, dilations, padding, zero points, multipliers and shifts, and the arena that they run in.</summary>
internal sealed record RandomLayer(Layer Layer, sbyte[] Arena)
{
    public static RandomLayer FullyConnected(Random random)
    {
        int batches = random.Next(1, 6);
        int depth = random.Next(1, 140);
        int channels = random.Next(1, 40);
        var parameters = new int[Kernels.FullyConnected.Count];
        parameters[Kernels.FullyConnected.Batches] = batches;
        parameters[Kernels.FullyConnected.InputDepth] = depth;
        parameters[Kernels.FullyConnected.OutputDepth] = channels;
        parameters[Kernels.FullyConnected.OutputZeroPoint] = random.Next(-128, 128);
        SetRange(parameters, Kernels.FullyConnected.ActivationMin, Kernels.FullyConnected.ActivationMax, random);
        parameters[Kernels.FullyConnected.WeightZeroPoint] = random.Next(2) * random.Next(-128, 128);
        return Place(parameters, Kernels.FullyConnected.Input, Kernels.FullyConnected.Output, batches * depth, batches * channels, Weights(depth * channels, channels, random), random);
    }

    public static RandomLayer Conv2D(Random random)
    {
        int groups = random.Next(3) == 0 ? random.Next(2, 4) : 1;
        int inputChannels = groups * random.Next(1, 36 / groups);
        int outputChannels = groups * random.Next(1, 24 / groups);
        int[] parameters = Window(Kernels.Conv2D.Count, inputChannels, outputChannels, random);
        parameters[Kernels.Conv2D.InputZeroPoint] = random.Next(-128, 128);
        parameters[Kernels.Conv2D.OutputZeroPoint] = random.Next(-128, 128);
        parameters[Kernels.Conv2D.Groups] = groups;
        int filter = parameters[P.KernelHeight] * parameters[P.KernelWidth] * (inputChannels / groups) * outputChannels;
        return PlaceWindow(parameters, Weights(filter, outputChannels, random), random);
    }

    public static RandomLayer DepthwiseConv2D(Random random)
    {
        int inputChannels = random.Next(3) == 0 ? 1 : random.Next(1, 150);
        int outputChannels = inputChannels == 1 ? random.Next(1, 70) : inputChannels;
        int[] parameters = Window(Kernels.DepthwiseConv2D.Count, inputChannels, outputChannels, random);
        parameters[Kernels.DepthwiseConv2D.InputZeroPoint] = random.Next(-128, 128);
        parameters[Kernels.DepthwiseConv2D.OutputZeroPoint] = random.Next(-128, 128);
        return PlaceWindow(parameters, Weights(parameters[P.KernelHeight] * parameters[P.KernelWidth] * outputChannels, outputChannels, random), random);
    }

    private static int[] Window(int count, int inputChannels, int outputChannels, Random random)
    {
        var parameters = new int[count];
        parameters[P.Batches] = random.Next(1, 3);
        parameters[P.InputChannels] = inputChannels;
        parameters[P.OutputChannels] = outputChannels;
        foreach (int field in new[] { P.InputHeight, P.InputWidth, P.OutputHeight, P.OutputWidth })
            parameters[field] = random.Next(1, 7);
        foreach (int field in new[] { P.KernelHeight, P.KernelWidth })
            parameters[field] = random.Next(1, 5);
        foreach (int field in new[] { P.StrideHeight, P.StrideWidth, P.DilationHeight, P.DilationWidth })
            parameters[field] = random.Next(2) == 0 ? 1 : random.Next(1, 4);
        foreach (int field in new[] { P.PadTop, P.PadLeft })
            parameters[field] = random.Next(4);
        SetRange(parameters, P.ActivationMin, P.ActivationMax, random);
        return parameters;
    }

    private static RandomLayer PlaceWindow(int[] parameters, byte[] weights, Random random)
    {
        int input = parameters[P.Batches] * parameters[P.InputHeight] * parameters[P.InputWidth] * parameters[P.InputChannels];
        int output = parameters[P.Batches] * parameters[P.OutputHeight] * parameters[P.OutputWidth] * parameters[P.OutputChannels];
        return Place(parameters, P.Input, P.Output, input, output, weights, random);
    }

    /// <summary>Input and output beside each other, in either order, with up to two free bytes around them.</summary>
    private static RandomLayer Place(int[] parameters, int inputField, int outputField, int input, int output, byte[] weights, Random random)
    {
        int gap = random.Next(3);
        bool inputFirst = random.Next(2) == 0;
        parameters[inputField] = gap + (inputFirst ? 0 : output);
        parameters[outputField] = gap + (inputFirst ? input : 0);
        var arena = new sbyte[gap + input + output + random.Next(3)];
        Fill(arena, random);
        return new RandomLayer(new Layer(parameters, weights), arena);
    }

    private static byte[] Weights(int count, int channels, Random random)
    {
        var weights = new byte[ChannelTable.Bytes(count, channels)];
        Fill((sbyte[])(object)weights, random, count);
        int table = ChannelTable.Start(0, count);
        for (int c = 0; c < channels; c++)
        {
            int bias = random.Next(8) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-20_000, 20_000);
            int multiplier = random.Next(16) == 0 ? random.Next(2) * int.MaxValue : random.Next(1 << 30, int.MaxValue);
            int shift = random.Next(8) == 0 ? random.Next(-31, 31) : random.Next(-12, -2);
            BitConverter.TryWriteBytes(weights.AsSpan(table + (4 * c)), bias);
            BitConverter.TryWriteBytes(weights.AsSpan(table + (4 * (channels + c))), multiplier);
            weights[table + (8 * channels) + c] = (byte)shift;
        }
        return weights;
    }

    /// <summary>Any values, or only the extremes, whose sums are the largest.</summary>
    private static void Fill(sbyte[] values, Random random, int count = int.MaxValue)
    {
        bool extremes = random.Next(6) == 0;
        for (int i = 0; i < Math.Min(count, values.Length); i++)
            values[i] = (sbyte)(extremes ? (random.Next(8) == 0 ? 127 : -128) : random.Next(-128, 128));
    }

    private static void SetRange(int[] parameters, int low, int high, Random random)
    {
        parameters[low] = random.Next(3) == 0 ? random.Next(-128, 128) : -128;
        parameters[high] = random.Next(3) == 0 ? random.Next(parameters[low], 128) : 127;
    }
}
