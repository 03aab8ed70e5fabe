namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Finds a smallest placement by branch and bound.</summary>
/// <remarks>
/// Buffers are placed from the bottom up. Any placement, its buffers taken in the order of their offsets and each put directly on top of those placed before
/// it that live at the same time, comes out at most as large; so only such placements, with offsets that never fall, are tried. A branch ends when some step's
/// placed and remaining bytes are no fewer than the best placement's, or when the same buffers left the same heights before.
/// </remarks>
internal sealed class ArenaSearch
{
    /// <summary>Most buffers: a set of them is one 64-bit number.</summary>
    public const int BuffersMax = 64;

    private const int VisitedMax = 100_000;

    private readonly ArenaBuffer[] _buffers;
    private readonly int[] _offsets;
    private readonly int[] _firstColumn;
    private readonly int[] _endColumn;
    private readonly int[] _remaining;
    private readonly int _lowerBound;
    private readonly HashSet<State> _visited = [];
    private int _budget;

    /// <summary>Prepares a search.</summary>
    /// <param name="buffers">At most <see cref="BuffersMax"/> buffers; their offsets are not used.</param>
    /// <param name="lowerBound">The search ends when it finds a placement of this size.</param>
    /// <param name="best">Size of the best placement known; only smaller ones are of interest.</param>
    /// <param name="budget">Most partial placements to look at.</param>
    public ArenaSearch(IReadOnlyList<ArenaBuffer> buffers, int lowerBound, int best, int budget)
    {
        _buffers = [.. buffers.OrderByDescending(buffer => buffer.Bytes).ThenBy(buffer => buffer.FirstStep)];
        _lowerBound = lowerBound;
        BestBytes = best;
        _budget = budget;
        _offsets = new int[_buffers.Length];
        // What lives changes only where a buffer begins: a column for each such step stands for all steps up to the next.
        int[] starts = [.. _buffers.Select(buffer => buffer.FirstStep).Distinct().Order()];
        _firstColumn = Array.ConvertAll(_buffers, buffer => Array.BinarySearch(starts, buffer.FirstStep));
        _endColumn = Array.ConvertAll(_buffers, buffer => starts.Count(start => start <= buffer.LastStep));
        _remaining = new int[starts.Length];
        for (int i = 0; i < _buffers.Length; i++)
            AddRemaining(i, _buffers[i].Bytes);
    }

    /// <summary>Size of the smallest placement known.</summary>
    public int BestBytes { get; private set; }

    /// <summary>Whether no placement is smaller than <see cref="BestBytes"/>.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Searches, and sets the offsets of the buffers where it finds a placement smaller than the best known.</summary>
    public void Run()
    {
        Extend(new int[_remaining.Length], 0, 0, -1);
        IsComplete = _budget > 0 || BestBytes == _lowerBound;
    }

    /// <param name="heights">For each column the end of the highest placed buffer.</param>
    /// <param name="placed">Bit set of the placed buffers.</param>
    /// <param name="floor">Offset of the buffer placed last; later ones are no lower.</param>
    /// <param name="last">That buffer; among equal offsets the order is that of the array.</param>
    private void Extend(int[] heights, ulong placed, int floor, int last)
    {
        if (BestBytes == _lowerBound || --_budget <= 0 || Bound(heights, floor) >= BestBytes)
            return;
        if (System.Numerics.BitOperations.PopCount(placed) == _buffers.Length)
        {
            Accept(heights.Max());
            return;
        }
        if (_visited.Contains(new State(placed, floor, last, heights)))
            return;
        foreach ((int offset, int index) in Candidates(heights, placed, floor, last))
        {
            int[] raised = [.. heights];
            Array.Fill(raised, offset + _buffers[index].Bytes, _firstColumn[index], _endColumn[index] - _firstColumn[index]);
            _offsets[index] = offset;
            AddRemaining(index, -_buffers[index].Bytes);
            Extend(raised, placed | (1UL << index), offset, index);
            AddRemaining(index, _buffers[index].Bytes);
        }
        if (_visited.Count < VisitedMax)
            _visited.Add(new State(placed, floor, last, heights));
    }

    /// <summary>What may come next: the lowest first, the largest first among equals.</summary>
    private List<(int Offset, int Index)> Candidates(int[] heights, ulong placed, int floor, int last)
    {
        var candidates = new List<(int Offset, int Index)>();
        for (int i = 0; i < _buffers.Length; i++)
        {
            if ((placed >> i & 1) != 0)
                continue;
            int offset = 0;
            for (int column = _firstColumn[i]; column < _endColumn[i]; column++)
                offset = Math.Max(offset, heights[column]);
            if (offset > floor || (offset == floor && i > last))
                candidates.Add((offset, i));
        }
        candidates.Sort();
        return candidates;
    }

    /// <summary>No placement that goes on from here is smaller.</summary>
    private int Bound(int[] heights, int floor)
    {
        int bound = 0;
        for (int column = 0; column < heights.Length; column++)
        {
            int height = _remaining[column] > 0 ? Math.Max(heights[column], floor) + _remaining[column] : heights[column];
            bound = Math.Max(bound, height);
        }
        return bound;
    }

    private void Accept(int bytes)
    {
        BestBytes = bytes;
        for (int i = 0; i < _buffers.Length; i++)
            _buffers[i].Offset = _offsets[i];
    }

    private void AddRemaining(int index, int bytes)
    {
        for (int column = _firstColumn[index]; column < _endColumn[index]; column++)
            _remaining[column] += bytes;
    }

    /// <summary>A partial placement as far as it matters for what can follow.</summary>
    private readonly record struct State(ulong Placed, int Floor, int Last, int[] Heights)
    {
        public bool Equals(State other) =>
            Placed == other.Placed && Floor == other.Floor && Last == other.Last && Heights.AsSpan().SequenceEqual(other.Heights);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Placed);
            hash.Add(Floor);
            hash.Add(Last);
            foreach (int height in Heights)
                hash.Add(height);
            return hash.ToHashCode();
        }
    }
}
