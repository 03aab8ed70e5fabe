namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Places buffers in the arena so that no two that live at the same time overlap.</summary>
public static class ArenaPlanner
{
    private const int SearchPlacements = 20_000;

    /// <summary>Partial placements that the exact search looks at.</summary>
    private const int SearchBudget = 200_000;

    /// <summary>Sets the offset of every buffer of a program.</summary>
    public static ArenaPlan Place(DeviceProgram program) => Place(program.Buffers);

    /// <summary>
    /// Sets every buffer's offset: heuristics that mostly meet the lower bound, then, for up to <see cref="ArenaSearch.BuffersMax"/> buffers, an exact search
    /// within a budget.
    /// </summary>
    public static ArenaPlan Place(IReadOnlyList<ArenaBuffer> program)
    {
        ArenaBuffer[] buffers = [.. program];
        int lowerBound = LowerBound(buffers);
        int[]? best = null;
        int bestBytes = int.MaxValue;
        foreach (ArenaBuffer[] order in Orders(buffers))
            Try(order, buffers, ref best, ref bestBytes);
        Search(buffers, lowerBound, ref best, ref bestBytes);
        for (int i = 0; i < buffers.Length; i++)
            buffers[i].Offset = best![i];
        bool isOptimal = bestBytes == lowerBound;
        if (!isOptimal && buffers.Length <= ArenaSearch.BuffersMax)
        {
            var search = new ArenaSearch(buffers, lowerBound, bestBytes, SearchBudget);
            search.Run();
            (bestBytes, isOptimal) = (search.BestBytes, search.IsComplete);
        }
        return new ArenaPlan(Math.Max(bestBytes, 1), lowerBound, isOptimal);
    }

    /// <summary>The most bytes of buffers that live during one step; what lives grows only where a buffer begins.</summary>
    private static int LowerBound(ArenaBuffer[] buffers) => buffers
        .Select(start => buffers.Where(buffer => buffer.FirstStep <= start.FirstStep && start.FirstStep <= buffer.LastStep).Sum(buffer => buffer.Bytes))
        .DefaultIfEmpty().Max();

    private static IEnumerable<ArenaBuffer[]> Orders(ArenaBuffer[] buffers)
    {
        yield return [.. buffers.OrderByDescending(buffer => buffer.Bytes).ThenBy(buffer => buffer.FirstStep)];
        yield return [.. buffers.OrderBy(buffer => buffer.FirstStep).ThenByDescending(buffer => buffer.Bytes)];
        yield return [.. buffers.OrderByDescending(buffer => buffer.LastStep - buffer.FirstStep).ThenByDescending(buffer => buffer.Bytes)];
        yield return [.. buffers.OrderByDescending(buffer => (long)buffer.Bytes * (buffer.LastStep - buffer.FirstStep + 1))];
    }

    /// <summary>Hill climbing over orders of first-fit placement by exchanging two buffers; deterministic, ends at the lower bound.</summary>
    private static void Search(ArenaBuffer[] buffers, int lowerBound, ref int[]? best, ref int bestBytes)
    {
        if (buffers.Length < 2)
            return;
        var random = new Random(buffers.Length);
        ArenaBuffer[] order = [.. buffers.OrderByDescending(buffer => buffer.Bytes)];
        int current = int.MaxValue;
        int limit = SearchPlacements / buffers.Length;
        for (int i = 0; i < limit && bestBytes > lowerBound; i++)
        {
            int a = random.Next(order.Length);
            int b = random.Next(order.Length);
            (order[a], order[b]) = (order[b], order[a]);
            int bytes = Try(order, buffers, ref best, ref bestBytes);
            if (bytes <= current)
                current = bytes;
            else
                (order[a], order[b]) = (order[b], order[a]);
        }
    }

    /// <summary>First fit in an order: each buffer goes to the lowest offset that is free during its life.</summary>
    private static int Try(ArenaBuffer[] order, ArenaBuffer[] buffers, ref int[]? best, ref int bestBytes)
    {
        var placed = new List<ArenaBuffer>();
        int total = 0;
        foreach (ArenaBuffer buffer in order)
        {
            int offset = 0;
            foreach (ArenaBuffer other in placed)
            {
                if (!other.Overlaps(buffer))
                    continue;
                if (other.Offset >= offset + buffer.Bytes)
                    break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }
            buffer.Offset = offset;
            int index = placed.FindIndex(other => other.Offset > offset);
            placed.Insert(index < 0 ? placed.Count : index, buffer);
            total = Math.Max(total, offset + buffer.Bytes);
        }
        if (total < bestBytes)
        {
            bestBytes = total;
            best = Array.ConvertAll(buffers, buffer => buffer.Offset);
        }
        return total;
    }
}

/// <summary>Size of a planned arena.</summary>
/// <param name="Bytes">Bytes of the arena.</param>
/// <param name="LowerBoundBytes">No placement can be smaller: the most bytes that live during any one step, an in-place pair counted once.</param>
/// <param name="IsOptimal">Whether it is proved that no placement is smaller: it meets the bound, or the exact search came to its end.</param>
public sealed record ArenaPlan(int Bytes, int LowerBoundBytes, bool IsOptimal)
{
    /// <summary>How much larger than the bound, 0 where it meets it.</summary>
    public double Gap => LowerBoundBytes == 0 ? 0 : (double)(Bytes - LowerBoundBytes) / LowerBoundBytes;
}
