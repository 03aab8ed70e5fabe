namespace EdgeMl.Mcu.Toolchain.Plan;

/// <summary>Places buffers in the arena so that no two that live at the same time overlap.</summary>
public static class ArenaPlanner
{
    private const int SearchPlacements = 20_000;

    /// <summary>Sets every buffer's offset.</summary>
    /// <returns>Bytes of the arena, and the lower bound: the most bytes that live during any one step.</returns>
    public static ArenaPlan Place(DeviceProgram program)
    {
        ArenaBuffer[] buffers = [.. program.Buffers];
        int lowerBound = LowerBound(buffers, program.Layers.Count);
        int[]? best = null;
        int bestBytes = int.MaxValue;
        foreach (ArenaBuffer[] order in Orders(buffers))
            Try(order, buffers, ref best, ref bestBytes);
        Search(buffers, lowerBound, ref best, ref bestBytes);
        for (int i = 0; i < buffers.Length; i++)
            buffers[i].Offset = best![i];
        return new ArenaPlan(Math.Max(bestBytes, 1), lowerBound);
    }

    /// <summary>The most bytes of buffers that live during one step.</summary>
    private static int LowerBound(ArenaBuffer[] buffers, int steps)
    {
        int bound = 0;
        for (int step = -1; step <= steps; step++)
            bound = Math.Max(bound, buffers.Where(buffer => buffer.FirstStep <= step && step <= buffer.LastStep).Sum(buffer => buffer.Bytes));
        return bound;
    }

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
public sealed record ArenaPlan(int Bytes, int LowerBoundBytes);
