using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Plan;
using ChannelTable = EdgeMl.Mcu.Runtime.Kernels.ChannelTable;
using ConvolutionKernel = EdgeMl.Mcu.Runtime.Kernels.Conv2D;
using DepthwiseKernel = EdgeMl.Mcu.Runtime.Kernels.DepthwiseConv2D;
using FourBitRows = EdgeMl.Mcu.Runtime.Kernels.FourBitRows;
using FullyConnectedKernel = EdgeMl.Mcu.Runtime.Kernels.FullyConnected;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.CompiledCode.Tests;

/// <summary>Programs of one linear layer with any sizes, strides, padding, zero points, activation ranges, weights, multipliers and shifts.</summary>
internal static class RandomLayer
{
    private static readonly int[] Multipliers = [0, 1, 1 << 30, (1 << 30) + 1, int.MaxValue, 1_518_500_250];

    /// <summary>A program.</summary>
    public static DeviceProgram Create(Random random) => random.Next(4) switch
    {
        0 => FullyConnected(random),
        1 => Depthwise(random),
        _ => Convolution(random),
    };

    /// <summary>A program of a fully connected layer.</summary>
    public static DeviceProgram FullyConnected(Random random)
    {
        int batches = random.Next(3) == 0 ? 1 : random.Next(1, 12);
        int depth = random.Next(8) == 0 ? random.Next(150, 500) : random.Next(1, 40);
        int channels = random.Next(1, 12);
        var parameters = new int[FullyConnectedKernel.Count];
        parameters[FullyConnectedKernel.Batches] = batches;
        parameters[FullyConnectedKernel.InputDepth] = depth;
        parameters[FullyConnectedKernel.OutputDepth] = channels;
        parameters[FullyConnectedKernel.OutputZeroPoint] = ZeroPoint(random);
        parameters[FullyConnectedKernel.WeightZeroPoint] = random.Next(3) == 0 ? random.Next(-128, 128) : 0;
        SetRange(parameters, FullyConnectedKernel.ActivationMin, FullyConnectedKernel.OutputZeroPoint, random);
        if (random.Next(5) > 0)
            return Program(OpCode.FullyConnected, parameters, batches * depth, batches * channels, Weights(depth, channels, random));
        parameters[FullyConnectedKernel.WeightZeroPoint] = 0;
        return Program(OpCode.FullyConnectedInt4, parameters, batches * depth, batches * channels, FourBit(Weights(depth, channels, random), depth, channels));
    }

    private static DeviceProgram Convolution(Random random)
    {
        int groups = random.Next(4) == 0 ? 2 : 1;
        int filterChannels = random.Next(1, 6);
        int outputs = groups * random.Next(1, 5);
        int[] parameters = Window(ConvolutionKernel.Count, ConvolutionKernel.InputZeroPoint, ConvolutionKernel.OutputZeroPoint, groups * filterChannels, outputs, random);
        parameters[ConvolutionKernel.Groups] = groups;
        int taps = parameters[P.KernelHeight] * parameters[P.KernelWidth] * filterChannels;
        byte[] weights = Weights(taps, outputs, random);
        return random.Next(5) > 0 ? WindowProgram(OpCode.Conv2D, parameters, weights) : WindowProgram(OpCode.Conv2DInt4, parameters, FourBit(weights, taps, outputs));
    }

    /// <summary>The low four bits of each weight, two weights in a byte; each channel begins at a byte.</summary>
    private static byte[] FourBit(byte[] weights, int taps, int channels)
    {
        int rowBytes = FourBitRows.Bytes(taps);
        var packed = new byte[ChannelTable.Bytes(rowBytes * channels, channels)];
        for (int i = 0; i < taps * channels; i++)
            packed[(i / taps * rowBytes) + (i % taps / 2)] |= (byte)((weights[i] & 15) << (i % taps % 2 * 4));
        weights.AsSpan(ChannelTable.Start(0, taps * channels)).CopyTo(packed.AsSpan(ChannelTable.Start(0, rowBytes * channels)));
        return packed;
    }

    /// <summary>A program of a depthwise convolution.</summary>
    public static DeviceProgram Depthwise(Random random)
    {
        int inputs = random.Next(1, 5);
        int outputs = inputs * (random.Next(3) == 0 ? random.Next(1, 4) : 1);
        int[] parameters = Window(DepthwiseKernel.Count, DepthwiseKernel.InputZeroPoint, DepthwiseKernel.OutputZeroPoint, inputs, outputs, random);
        return WindowProgram(OpCode.DepthwiseConv2D, parameters, Weights(parameters[P.KernelHeight] * parameters[P.KernelWidth], outputs, random));
    }

    private static int[] Window(int count, int inputZeroPoint, int outputZeroPoint, int inputs, int outputs, Random random)
    {
        var parameters = new int[count];
        parameters[P.Batches] = random.Next(4) == 0 ? 2 : 1;
        parameters[P.InputChannels] = inputs;
        parameters[P.OutputChannels] = outputs;
        parameters[P.InputHeight] = random.Next(5) == 0 ? 1 : random.Next(1, 11);
        parameters[P.InputWidth] = random.Next(1, 11);
        parameters[P.KernelHeight] = parameters[P.InputHeight] == 1 ? 1 : random.Next(1, 5);
        parameters[P.KernelWidth] = random.Next(1, 5);
        foreach (int field in new[] { P.StrideHeight, P.StrideWidth })
            parameters[field] = random.Next(3) == 0 ? random.Next(1, 4) : 1;
        bool isDilated = random.Next(6) == 0;
        foreach (int field in new[] { P.DilationHeight, P.DilationWidth })
            parameters[field] = isDilated ? random.Next(1, 4) : 1;
        parameters[P.PadTop] = random.Next(parameters[P.KernelHeight]);
        parameters[P.PadLeft] = random.Next(parameters[P.KernelWidth]);
        parameters[P.OutputHeight] = OutputSize(parameters, P.InputHeight, P.KernelHeight, P.StrideHeight, P.DilationHeight, P.PadTop, random);
        parameters[P.OutputWidth] = OutputSize(parameters, P.InputWidth, P.KernelWidth, P.StrideWidth, P.DilationWidth, P.PadLeft, random);
        parameters[inputZeroPoint] = ZeroPoint(random);
        parameters[outputZeroPoint] = ZeroPoint(random);
        SetRange(parameters, P.ActivationMin, outputZeroPoint, random);
        return parameters;
    }

    /// <summary>Windows up to one that begins at the last row, which reaches far into padding, or as many as lie inside.</summary>
    private static int OutputSize(int[] parameters, int input, int kernel, int stride, int dilation, int pad, Random random)
    {
        int reach = ((parameters[kernel] - 1) * parameters[dilation]) + 1;
        int inside = Math.Max(1, ((parameters[input] + parameters[pad] - reach) / parameters[stride]) + 1);
        int most = ((parameters[input] + parameters[pad] - 1) / parameters[stride]) + 1;
        return random.Next(2) == 0 ? inside : random.Next(1, most + 1);
    }

    private static byte[] Weights(int taps, int channels, Random random)
    {
        var weights = new byte[ChannelTable.Bytes(taps * channels, channels)];
        int kind = random.Next(4);
        for (int i = 0; i < taps * channels; i++)
            weights[i] = (byte)Weight(kind, random);
        int table = ChannelTable.Start(0, taps * channels);
        for (int channel = 0; channel < channels; channel++)
        {
            int bias = random.Next(60) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-30_000, 30_000);
            int multiplier = random.Next(6) == 0 ? Multipliers[random.Next(Multipliers.Length)] : random.Next(1 << 30, int.MaxValue);
            int shift = random.Next(12) switch { 0 => random.Next(-31, 31), 1 => random.Next(-4, 4), _ => random.Next(-11, -4) };
            BitConverter.TryWriteBytes(weights.AsSpan(table + (4 * channel)), bias);
            BitConverter.TryWriteBytes(weights.AsSpan(table + (4 * (channels + channel))), multiplier);
            weights[table + (8 * channels) + channel] = (byte)shift;
        }
        return weights;
    }

    /// <summary>Any weight, mostly zeros, extremes only, or small ones.</summary>
    private static int Weight(int kind, Random random) => kind switch
    {
        0 => random.Next(-128, 128),
        1 => random.Next(4) == 0 ? random.Next(-127, 128) : 0,
        2 => random.Next(2) == 0 ? -127 : 127,
        _ => random.Next(-3, 4),
    };

    private static int ZeroPoint(Random random) => random.Next(3) switch { 0 => -128, 1 => 127, _ => random.Next(-128, 128) };

    /// <summary>The whole of int8, a fused Relu, or anything.</summary>
    private static void SetRange(int[] parameters, int low, int zeroPoint, Random random)
    {
        (parameters[low], parameters[low + 1]) = random.Next(3) switch
        {
            0 => (-128, 127),
            1 => (parameters[zeroPoint], 127),
            _ => (random.Next(-128, 128), 127),
        };
        if (random.Next(4) == 0)
            parameters[low + 1] = random.Next(parameters[low], 128);
    }

    private static DeviceProgram WindowProgram(OpCode kernel, int[] p, byte[] weights) =>
        Program(kernel, p, p[P.Batches] * p[P.InputHeight] * p[P.InputWidth] * p[P.InputChannels], p[P.Batches] * p[P.OutputHeight] * p[P.OutputWidth] * p[P.OutputChannels], weights);

    private static DeviceProgram Program(OpCode kernel, int[] parameters, int inputs, int outputs, byte[] weights)
    {
        var input = new ArenaBuffer("input", inputs) { FirstStep = -1, LastStep = 0 };
        var output = new ArenaBuffer("output", outputs) { FirstStep = 0, LastStep = 1 };
        var layer = new DeviceLayer
        {
            Name = "layer",
            Operator = kernel.ToString(),
            Kernel = kernel,
            Parameters = parameters,
            Reads = [new ArenaReference(0, input, 0)],
            Writes = [new ArenaReference(1, output, 0)],
            Weights = weights,
            OutputShape = new Shape([outputs]),
            Macs = (long)inputs * outputs * 1000,
        };
        DevicePort Port(string name, ArenaBuffer buffer) =>
            new(new GraphPort(new Tensor(name, ElementType.Int8, new Shape([buffer.Bytes]), new Quantization(1, 0))), buffer, TensorType.Int8, new Quantization(1, 0), TensorEdge.None);
        return new DeviceProgram("random", [Port("input", input)], [Port("output", output)], [layer], [input, output]);
    }
}
