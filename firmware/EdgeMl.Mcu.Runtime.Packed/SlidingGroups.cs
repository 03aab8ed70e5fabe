namespace EdgeMl.Mcu.Runtime.Packed;

/// <summary>
/// How a depthwise window is cut into groups of taps. One axis of the window is the one along which the kernel slides. A group is up to three taps of one line along that axis,
/// a stride apart, so that the input that meets its first tap now meets its second and third tap at the next two outputs.
/// </summary>
internal static class SlidingGroups
{
    /// <summary>Most groups of a window.</summary>
    public const int Max = SlidingSteps.GroupsMax;

    /// <summary>Lanes: packed weights of each group.</summary>
    public const int Weights = 0;

    /// <summary>Lanes: packed weights of each group, 0 where its line lies in padding.</summary>
    public const int LiveWeights = Max;

    /// <summary>Lanes: distance of each group's input from the line's position.</summary>
    public const int Distances = 2 * Max;

    /// <summary>Lanes: first tap of each group, along the sliding axis.</summary>
    public const int FirstTaps = 3 * Max;

    /// <summary>The sum of the packed weights of all groups.</summary>
    public static long Sum(long[] lanes, int groups)
    {
        long sum = 0;
        for (int group = 0; group < groups; group++)
            sum += lanes[Weights + group];
        return sum;
    }

    /// <summary>The greatest first tap of a group.</summary>
    public static int LastFirstTap(int taps, int stride)
    {
        int last = 0;
        for (int phase = 0; phase < stride && phase < taps; phase++)
        {
            int first = phase + ((taps - 1 - phase) / (PackedWeights.Lanes * stride) * (PackedWeights.Lanes * stride));
            if (first > last)
                last = first;
        }
        return last;
    }

    /// <summary>64-bit words for the groups of a window.</summary>
    public const int LaneCount = 4 * Max;

    /// <summary>Groups of a window of <paramref name="lines"/> lines with <paramref name="taps"/> taps each.</summary>
    public static long Count(int lines, int taps, int stride)
    {
        long groups = 0;
        for (int phase = 0; phase < stride && phase < taps; phase++)
            groups += (((taps - phase + stride - 1) / stride) + PackedWeights.Lanes - 1) / PackedWeights.Lanes;
        return groups * lines;
    }

    /// <summary>Lanes that are used: the most taps of a group.</summary>
    public static int LanesUsed(int taps, int stride)
    {
        int most = (taps + stride - 1) / stride;
        return most < PackedWeights.Lanes ? most : PackedWeights.Lanes;
    }

    /// <summary>Packs one channel's window, and notes the first tap of each group.</summary>
    /// <returns>The sum of the weights' absolute values.</returns>
    public static int Pack(long[] lanes, byte[] weights, int filter, int lines, int lineStep, int taps, int tapStep, int stride)
    {
        int top = PackedWeights.LaneBits * (LanesUsed(taps, stride) - 1);
        int reach = PackedWeights.Lanes * stride;
        int group = 0;
        int sum = 0;
        for (int line = 0; line < lines; line++)
        {
            for (int phase = 0; phase < stride && phase < taps; phase++)
            {
                for (int first = phase; first < taps; first += reach)
                {
                    long packed = 0;
                    int shift = top;
                    int end = first + reach < taps ? first + reach : taps;
                    for (int tap = first; tap < end; tap += stride)
                    {
                        int weight = (sbyte)weights[filter + (tap * tapStep)];
                        sum += weight < 0 ? -weight : weight;
                        packed += (long)weight << shift;
                        shift -= PackedWeights.LaneBits;
                    }
                    lanes[Weights + group] = packed;
                    lanes[FirstTaps + group] = first;
                    group++;
                }
            }
            filter += lineStep;
        }
        return sum;
    }

    /// <summary>Finds the inputs of all groups for one line of outputs, whose window's first line is the input's line <paramref name="origin"/>.</summary>
    /// <remarks>Groups up to <paramref name="padded"/> get the weight 0 and the first one's input.</remarks>
    /// <returns>The sum of the packed weights that lie in padding.</returns>
    public static long Place(long[] lanes, int groups, int padded, int lines, int origin, int dilation, int size, int lineStep, int step)
    {
        long missing = 0;
        int perLine = groups / lines;
        int group = 0;
        for (int line = 0; line < lines; line++)
        {
            int position = origin + (line * dilation);
            bool inside = position >= 0 && position < size;
            int distance = inside ? line * dilation * lineStep : -origin * lineStep;
            for (int i = 0; i < perLine; i++)
            {
                long weight = lanes[Weights + group];
                lanes[LiveWeights + group] = inside ? weight : 0;
                if (!inside)
                    missing += weight;
                lanes[Distances + group] = distance + (lanes[FirstTaps + group] * step);
                group++;
            }
        }
        for (; group < padded; group++)
        {
            lanes[LiveWeights + group] = 0;
            lanes[Distances + group] = lanes[Distances];
        }
        return missing;
    }
}
