#if NET
using System;
using System.Runtime.Intrinsics;
using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary><see cref="FullyConnected"/> with vector instructions: for each row of inputs all outputs.</summary>
internal static class VectorFullyConnected
{
    /// <summary>Computes the layer; false, and nothing done, where its rows are too long.</summary>
    internal static bool TryRun(Frame frame)
    {
        int depth = frame.Int(FullyConnected.InputDepth);
        if (depth > LinearRow.DepthMax)
            return false;
        int channels = frame.Int(FullyConnected.OutputDepth);
        int batches = frame.Int(FullyConnected.Batches);
        int weightZeroPoint = frame.Int(FullyConnected.WeightZeroPoint);
        int table = ChannelTable.Start(frame.WeightOffset, depth * channels);
        var stage = new OutputStage(
            frame.Weights, table, channels, frame.Int(FullyConnected.OutputZeroPoint), frame.Int(FullyConnected.ActivationMin), frame.Int(FullyConnected.ActivationMax));
        Span<short> x = stackalloc short[Lanes.RoundUp(depth)];
        int input = frame.Int(FullyConnected.Input);
        int output = frame.Int(FullyConnected.Output);
        for (int b = 0; b < batches; b++)
        {
            Lanes.Widen(frame.Arena.AsSpan(input, depth), x);
            int offset = weightZeroPoint == 0 ? 0 : -weightZeroPoint * Sum(x);
            LinearRow.Compute(x, depth, frame.Weights, frame.WeightOffset, offset, stage, 0, frame.Arena.AsSpan(output, channels));
            input += depth;
            output += channels;
        }
        return true;
    }

    /// <summary>The same for one row and weights that are greater by 128 in the file.</summary>
    internal static bool TryRunOffset(Frame frame)
    {
        int depth = frame.Int(FullyConnected.InputDepth);
        if (depth > LinearRow.DepthMax)
            return false;
        int channels = frame.Int(FullyConnected.OutputDepth);
        int table = ChannelTable.Start(frame.WeightOffset, depth * channels);
        var stage = new OutputStage(
            frame.Weights, table, channels, frame.Int(FullyConnected.OutputZeroPoint), frame.Int(FullyConnected.ActivationMin), frame.Int(FullyConnected.ActivationMax));
        Span<short> x = stackalloc short[Lanes.RoundUp(depth)];
        Lanes.Widen(frame.Arena.AsSpan(frame.Int(FullyConnected.Input), depth), x);
        int rows = Math.Clamp(LinearRow.DepthMax / depth, 1, 32);
        Span<byte> weights = stackalloc byte[(rows * depth) + Lanes.Step];
        int output = frame.Int(FullyConnected.Output);
        for (int first = 0; first < channels; first += rows)
        {
            int count = Math.Min(rows, channels - first);
            FlipSigns(frame.Weights.AsSpan(frame.WeightOffset + (first * depth), count * depth), weights);
            LinearRow.Compute(x, depth, weights, 0, 0, stage, first, frame.Arena.AsSpan(output + first, count));
        }
        return true;
    }

    /// <summary>Flips the highest bit of every byte, which takes 128 from it as a signed number.</summary>
    private static void FlipSigns(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int i = 0;
        Vector128<byte> flip = Vector128.Create((byte)0x80);
        for (; i <= source.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            (Vector128.Create(source.Slice(i)) ^ flip).CopyTo(target.Slice(i));
        for (; i < source.Length; i++)
            target[i] = (byte)(source[i] ^ 0x80);
    }

    private static int Sum(ReadOnlySpan<short> values)
    {
        int sum = 0;
        foreach (short value in values)
            sum += value;
        return sum;
    }
}
#endif
