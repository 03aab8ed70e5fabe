using EdgeMl.Mcu.Runtime.Kernels;

namespace EdgeMl.Mcu.Toolchain.Plan.Lowering;

/// <summary>Cuts the weights of a linear layer into slices of output channels, each with its own channel table, so that a slice fits a page.</summary>
internal static class RowSlices
{
    /// <summary>Slices of as many channels as a page takes, at least one each.</summary>
    /// <param name="depth">Weights of one channel.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="pageBytes">Bytes that a slice may have.</param>
    public static IEnumerable<(int First, int Count)> Of(int depth, int channels, int pageBytes)
    {
        int rows = channels;
        while (rows > 1 && ChannelTable.Bytes(rows * depth, rows) > pageBytes)
            rows--;
        for (int first = 0; first < channels; first += rows)
            yield return (first, Math.Min(rows, channels - first));
    }

    /// <summary>Weights and table of some channels.</summary>
    /// <param name="bytes">Weights [channels, depth] with their table.</param>
    /// <param name="depth">Weights of one channel.</param>
    /// <param name="channels">Number of channels of the whole layer.</param>
    /// <param name="first">First channel of the slice.</param>
    /// <param name="count">Channels of the slice.</param>
    public static byte[] Cut(byte[] bytes, int depth, int channels, int first, int count)
    {
        byte[] slice = new byte[ChannelTable.Bytes(count * depth, count)];
        int from = ChannelTable.Start(0, channels * depth);
        int to = ChannelTable.Start(0, count * depth);
        bytes.AsSpan(first * depth, count * depth).CopyTo(slice);
        bytes.AsSpan(from + (4 * first), 4 * count).CopyTo(slice.AsSpan(to));
        bytes.AsSpan(from + (4 * (channels + first)), 4 * count).CopyTo(slice.AsSpan(to + (4 * count)));
        bytes.AsSpan(from + (8 * channels) + first, count).CopyTo(slice.AsSpan(to + (8 * count)));
        return slice;
    }
}
