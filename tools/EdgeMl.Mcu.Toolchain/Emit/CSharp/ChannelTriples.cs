using System.Collections;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Puts output channels together in threes that have their zero weights at the same taps.</summary>
internal static class ChannelTriples
{
    /// <summary>No channel.</summary>
    public const int None = -1;

    /// <summary>
    /// Triples of channel indices: greedily, those that together use the fewest taps. Where the number of channels is no multiple of 3, the lowest lanes of one triple have
    /// <see cref="None"/>: a constant with a weight in the highest lane does not fit into 32 bits and is loaded by one instruction.
    /// </summary>
    public static int[][] Form(IReadOnlyList<OutputChannel> channels)
    {
        int taps = channels.SelectMany(channel => channel.LiveTaps).Select(tap => tap.Tap + 1).DefaultIfEmpty().Max();
        BitArray[] used = [.. channels.Select(channel => Mask(channel, taps))];
        List<int> free = [.. Enumerable.Range(0, channels.Count).OrderByDescending(channel => channels[channel].LiveTaps.Count)];
        var triples = new List<int[]>();
        while (free.Count > 0)
        {
            var triple = new List<int> { Take(free, 0) };
            BitArray union = new(used[triple[0]]);
            while (triple.Count < 3 && free.Count > 0)
            {
                int nearest = Enumerable.Range(0, free.Count).MinBy(i => Added(union, used[free[i]]));
                triple.Add(Take(free, nearest));
                union.Or(used[triple[^1]]);
            }
            triples.Add([.. Enumerable.Repeat(None, 3 - triple.Count), .. triple.Order()]);
        }
        return [.. triples.OrderBy(triple => triple[^1])];
    }

    private static BitArray Mask(OutputChannel channel, int taps)
    {
        var mask = new BitArray(taps);
        foreach (TapWeight tap in channel.LiveTaps)
            mask[tap.Tap] = true;
        return mask;
    }

    /// <summary>Taps of either that are not taps of both: those added, and those that the new one would be given without need.</summary>
    private static int Added(BitArray union, BitArray mask)
    {
        BitArray difference = new BitArray(mask).Xor(union);
        int count = 0;
        foreach (bool bit in difference)
            count += bit ? 1 : 0;
        return count;
    }

    private static int Take(List<int> list, int index)
    {
        int value = list[index];
        list.RemoveAt(index);
        return value;
    }
}
