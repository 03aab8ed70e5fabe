#if NET
using System;
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

    private static int Sum(ReadOnlySpan<short> values)
    {
        int sum = 0;
        foreach (short value in values)
            sum += value;
        return sum;
    }
}
#endif
