#if NET
using System;
using EdgeMl.Mcu.Runtime.Kernels;
using P = EdgeMl.Mcu.Runtime.Kernels.WindowParameters;

namespace EdgeMl.Mcu.Runtime.Host;

/// <summary>Kernels of 4-bit weights on the host: the weights are unpacked, and the vector kernels of 8 bits do the rest.</summary>
internal static class VectorInt4
{
    /// <summary>Each thread's own, so that an inference allocates nothing once it has run.</summary>
    [ThreadStatic]
    private static Frame _unpacked;

    /// <summary><see cref="FullyConnectedInt4"/>; false, and nothing done, where <see cref="VectorFullyConnected"/> cannot compute the layer.</summary>
    internal static bool TryRunFullyConnected(Frame frame)
    {
        return VectorFullyConnected.TryRun(Unpack(frame, frame.Int(FullyConnected.OutputDepth), frame.Int(FullyConnected.InputDepth)));
    }

    /// <summary><see cref="Conv2DInt4"/>; false, and nothing done, where <see cref="VectorConv2D"/> cannot compute the layer.</summary>
    internal static bool TryRunConv2D(Frame frame)
    {
        int taps = frame.Int(P.KernelHeight) * frame.Int(P.KernelWidth) * (frame.Int(P.InputChannels) / frame.Int(Conv2D.Groups));
        return VectorConv2D.TryRun(Unpack(frame, frame.Int(P.OutputChannels), taps));
    }

    /// <summary>The same layer with its weights in 8 bits.</summary>
    private static Frame Unpack(Frame frame, int rows, int taps)
    {
        Frame target = _unpacked ??= new Frame();
        int length = (int)ChannelTable.Bytes(rows * taps, rows);
        if (target.Weights is null || target.Weights.Length < length)
            target.Weights = new byte[length];
        target.Parameters = frame.Parameters;
        target.ParameterOffset = frame.ParameterOffset;
        target.Arena = frame.Arena;
        int rowBytes = FourBitRows.Bytes(taps);
        int row = frame.WeightOffset;
        Span<byte> weights = target.Weights;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<byte> pairs = frame.Weights.AsSpan(row, rowBytes);
            Span<byte> unpacked = weights.Slice(i * taps, taps);
            for (int tap = 0; tap < taps; tap++)
                unpacked[tap] = (byte)((tap & 1) == 0 ? (pairs[tap >> 1] << 28) >> 28 : (sbyte)pairs[tap >> 1] >> 4);
            row += rowBytes;
        }
        frame.Weights.AsSpan(ChannelTable.Start(frame.WeightOffset, rowBytes * rows), 9 * rows).CopyTo(weights[ChannelTable.Start(0, rows * taps)..]);
        return target;
    }
}
#endif
