namespace EdgeMl.Mcu.Testing;

/// <summary>Damaged copies of a file's content.</summary>
public static class Mutations
{
    /// <summary>
    /// The empty file, cuts, flipped bits, overwritten, inserted and removed bytes and combinations of them; the same ones for the same seed. Each
    /// differs from the intact content.
    /// </summary>
    /// <param name="content">The intact content, at least one byte.</param>
    /// <param name="count">How many copies.</param>
    /// <param name="seed">Seed of the random choices.</param>
    public static IEnumerable<byte[]> Of(byte[] content, int count, int seed)
    {
        var random = new Random(seed);
        yield return [];
        for (int i = 1; i < count; i++)
        {
            var bytes = new List<byte>(content);
            int steps = random.Next(4) == 0 ? random.Next(1, 6) : 1;
            for (int step = 0; step < steps && bytes.Count > 0; step++)
                Mutate(bytes, random);
            // A byte may have been overwritten with itself.
            if (bytes.SequenceEqual(content))
                bytes[random.Next(bytes.Count)] ^= 1;
            yield return [.. bytes];
        }
    }

    /// <summary>
    /// Copies of the same length with one to three numbers of one, two or four bytes overwritten, mostly by ends of ranges and small numbers: what
    /// stands behind them keeps its place, so more of the copies get past a parser than of <see cref="Of"/>.
    /// </summary>
    /// <param name="content">The intact content, at least four bytes.</param>
    /// <param name="count">How many copies.</param>
    /// <param name="seed">Seed of the random choices.</param>
    public static IEnumerable<byte[]> InPlace(byte[] content, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = [.. content];
            int steps = random.Next(4) == 0 ? random.Next(2, 4) : 1;
            for (int step = 0; step < steps; step++)
                Overwrite(bytes, random);
            if (bytes.AsSpan().SequenceEqual(content))
                bytes[random.Next(bytes.Length)] ^= 1;
            yield return bytes;
        }
    }

    private static void Overwrite(byte[] bytes, Random random)
    {
        int size = 1 << random.Next(3);
        int at = random.Next(bytes.Length / size) * size;
        Span<byte> target = bytes.AsSpan(at, size);
        int value = random.Next(8) switch
        {
            0 => 0,
            1 => -1,
            2 => int.MaxValue >> (8 * (4 - size)),
            3 => 1 << random.Next(8 * size),
            4 => random.Next(-4, 12),
            5 => target[0] + random.Next(-2, 3),
            _ => random.Next(),
        };
        for (int i = 0; i < size; i++)
            target[i] = (byte)(value >> (8 * i));
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        // Headers are short and hold what a parser trusts: half of the hits go there.
        int at = random.Next(random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, 160));
        switch (random.Next(6))
        {
            case 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 1:
                bytes.RemoveAt(at);
                break;
            case 2:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 3:
                bytes[at] = (byte)(random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => random.Next(256) });
                break;
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
        }
    }
}
