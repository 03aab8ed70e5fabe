namespace EdgeMl.Mcu.Ota.Delta;

/// <summary>The cheapest way through a file along given diagonals and literals. Costs are in 1/16 of a bit.</summary>
internal sealed class SegmentPath
{
    private const int Bit = 16;
    private const int Unreachable = int.MaxValue / 2;
    private const int NewCopy = 30 * Bit;
    private const int NewLiteral = 20 * Bit;

    private readonly byte[] _base;
    private readonly byte[] _target;
    private readonly int[] _diagonals;
    private readonly int[] _literalCosts;

    // For each position the cheapest way so far (the last one is a literal), and for each way whether it begins there.
    private readonly byte[] _best;
    private readonly bool[] _begins;

    /// <param name="original">The base.</param>
    /// <param name="target">The file, at least one byte.</param>
    /// <param name="diagonals">At most 255.</param>
    public SegmentPath(byte[] original, byte[] target, int[] diagonals)
    {
        _base = original;
        _target = target;
        _diagonals = diagonals;
        _literalCosts = LiteralCosts(target);
        _best = new byte[target.Length + 1];
        _begins = new bool[target.Length * (diagonals.Length + 1)];
    }

    /// <summary>The segments in the file's order.</summary>
    public IReadOnlyList<DeltaSegment> Segments()
    {
        Search();
        int literal = _diagonals.Length;
        var segments = new List<DeltaSegment>();
        int way = _best[_target.Length], end = _target.Length;
        for (int position = end - 1; position >= 0; position--)
        {
            if (!_begins[(position * (literal + 1)) + way])
                continue;
            segments.Add(new DeltaSegment(end - position, way == literal ? null : _diagonals[way]));
            end = position;
            way = _best[position];
        }
        segments.Reverse();
        return segments;
    }

    private void Search()
    {
        int literal = _diagonals.Length;
        var costs = new int[literal + 1];
        Array.Fill(costs, Unreachable);
        int best = 0;
        for (int position = 0; position < _target.Length; position++)
        {
            int row = position * (literal + 1);
            int next = Unreachable, nextWay = literal;
            for (int way = 0; way <= literal; way++)
            {
                int begin = best + (way == literal ? NewLiteral : NewCopy);
                bool begins = begin < costs[way];
                int cost = begins ? begin : costs[way];
                _begins[row + way] = begins;
                cost += way == literal ? _literalCosts[_target[position]] : CorrectionCost(position, _diagonals[way]);
                costs[way] = cost = Math.Min(cost, Unreachable);
                if (cost < next)
                    (next, nextWay) = (cost, way);
            }
            // Costs count from the cheapest, so that they do not grow with the file.
            for (int way = 0; way <= literal; way++)
                costs[way] = costs[way] == Unreachable ? Unreachable : costs[way] - next;
            best = 0;
            _best[position + 1] = (byte)nextWay;
        }
    }

    private int CorrectionCost(int position, int diagonal)
    {
        int offset = position + diagonal;
        if ((uint)offset >= (uint)_base.Length)
            return Unreachable;
        int difference = (sbyte)(_target[position] - _base[offset]);
        bool follows = offset > 0 && position > 0 && _target[position - 1] != _base[offset - 1];
        if (difference == 0)
            return follows ? Bit : Bit / 16;
        int bits = 32 - int.LeadingZeroCount(Math.Abs(difference));
        return (bits + (follows ? 3 : 6)) * Bit;
    }

    /// <summary>By how often a byte is in the file.</summary>
    private static int[] LiteralCosts(byte[] target)
    {
        var counts = new int[256];
        foreach (byte each in target)
            counts[each]++;
        return Array.ConvertAll(counts, count => (int)Math.Round(Bit * Math.Log2((target.Length + 256.0) / (count + 1))));
    }
}
