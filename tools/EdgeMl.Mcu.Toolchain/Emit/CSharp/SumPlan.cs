namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>A piece of a sum: some of its taps, added to a packed accumulator.</summary>
/// <param name="Block">The block of taps that they belong to.</param>
/// <param name="Slot">The accumulator; those of one sum count from 0.</param>
/// <param name="Taps">The taps, each with one weight a lane.</param>
internal sealed record SumPart(int Block, int Slot, IReadOnlyList<LaneTap> Taps);

/// <summary>A tap and its weight in each lane that has one of its own.</summary>
internal readonly record struct LaneTap(int Tap, int[] Weights);

/// <summary>
/// How a packed sum is added up: block by block of taps, in as many accumulators that no lane of one leaves its 21 bits, whatever the activations are. Each lane begins
/// with a bias that keeps it from becoming negative.
/// </summary>
internal sealed class SumPlan
{
    /// <summary>A lane may not reach this.</summary>
    public const long LaneLimit = 1L << Runtime.Compiled.LanePacking.LaneBits;

    private SumPlan(IReadOnlyList<SumPart> parts, IReadOnlyList<long[]> biases) => (Parts, Biases) = (parts, biases);

    /// <summary>The parts in the order of their blocks. Each slot has one at least.</summary>
    public IReadOnlyList<SumPart> Parts { get; }

    /// <summary>For each slot the bias of each lane.</summary>
    public IReadOnlyList<long[]> Biases { get; }

    /// <summary>The bias of a lane in all slots together.</summary>
    public long Bias(int lane) => Biases.Sum(slot => slot[lane]);

    /// <summary>The bias of a slot, packed.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="ones">What a bias for all lanes is multiplied with, where they share their weights.</param>
    public long PackedBias(int slot, long ones)
    {
        long[] biases = Biases[slot];
        if (biases.Length == 1)
            return biases[0] * ones;
        return biases.Select((bias, lane) => bias << (lane * Runtime.Compiled.LanePacking.LaneBits)).Sum();
    }

    /// <summary>The plan of a sum with taps that are in order.</summary>
    /// <param name="taps">The taps, with equally many weights each.</param>
    /// <param name="lanes">Number of weights of a tap.</param>
    /// <param name="blockOf">The block of a tap, rising.</param>
    public static SumPlan Create(IEnumerable<LaneTap> taps, int lanes, Func<int, int> blockOf)
    {
        var parts = new List<SumPart>();
        var biases = new List<long[]> { new long[lanes] };
        var spans = new long[lanes];
        var open = new List<LaneTap>();
        int block = -1;
        foreach (LaneTap tap in taps)
        {
            bool isFull = Enumerable.Range(0, lanes).Any(lane => spans[lane] + Of(tap, lane).ProductSpan >= LaneLimit);
            if (isFull || blockOf(tap.Tap) != block)
                Flush();
            if (isFull)
            {
                biases.Add(new long[lanes]);
                Array.Clear(spans);
            }
            block = blockOf(tap.Tap);
            open.Add(tap);
            for (int lane = 0; lane < lanes; lane++)
            {
                spans[lane] += Of(tap, lane).ProductSpan;
                biases[^1][lane] -= Of(tap, lane).ProductMin;
            }
        }
        Flush();
        return new SumPlan(parts, biases);

        void Flush()
        {
            if (open.Count > 0)
                parts.Add(new SumPart(block, biases.Count - 1, [.. open]));
            open.Clear();
        }
    }

    private static TapWeight Of(LaneTap tap, int lane) => new(tap.Tap, tap.Weights[lane]);
}
