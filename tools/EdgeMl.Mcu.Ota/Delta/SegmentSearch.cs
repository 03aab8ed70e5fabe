using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeMl.Mcu.Ota.Delta;

/// <summary>
/// Divides a file into copies from a base, with corrections, and literals. Places where 8 bytes are equal vote for their diagonal (offset in the base minus offset in
/// the file); over the diagonals with the most votes, dynamic programming finds the cheapest division by an estimate of the coded size.
/// </summary>
internal static class SegmentSearch
{
    private const int WindowBytes = 8;

    /// <summary>Windows that are all over the base say little about where a part of the file comes from.</summary>
    private const int MatchesMax = 8;

    private const int WindowsMax = 1 << 21;

    /// <summary>Longer files are compared with the base in place only.</summary>
    private const int SearchBytesMax = 1 << 24;
    private const int DiagonalsMax = 64;
    private const long WorkMax = 1L << 25;

    /// <summary>One copy from the same offset as far as the base goes, and a literal for the rest.</summary>
    public static IReadOnlyList<DeltaSegment> WithoutShift(byte[] original, byte[] target)
    {
        int common = Math.Min(original.Length, target.Length);
        DeltaSegment[] segments = [new(common, 0), new(target.Length - common, null)];
        return [.. segments.Where(segment => segment.Length > 0)];
    }

    /// <summary>The cheapest segments.</summary>
    public static IReadOnlyList<DeltaSegment> Find(byte[] original, byte[] target) =>
        target.Length is 0 or > SearchBytesMax ? WithoutShift(original, target) : new SegmentPath(original, target, Diagonals(original, target)).Segments();

    /// <summary>The diagonals worth trying, the most promising first.</summary>
    private static int[] Diagonals(byte[] original, byte[] target)
    {
        int most = (int)Math.Clamp(WorkMax / target.Length, 4, DiagonalsMax);
        int[] always = original.Length == 0 ? [] : [0, original.Length - target.Length];
        return
        [
            .. always.Concat(Votes(original, target).OrderByDescending(vote => vote.Value).ThenBy(vote => Math.Abs((long)vote.Key)).ThenBy(vote => vote.Key).Select(vote => vote.Key))
                .Distinct().Take(most),
        ];
    }

    private static Dictionary<int, int> Votes(byte[] original, byte[] target)
    {
        var votes = new Dictionary<int, int>();
        var last = new Dictionary<ulong, int>();
        int windows = original.Length - WindowBytes + 1;
        int stride = Math.Max(1, windows / WindowsMax);
        var earlier = new int[Math.Max(0, (windows + stride - 1) / stride)];
        for (int i = 0; i < earlier.Length; i++)
        {
            ulong window = Window(original, i * stride);
            earlier[i] = last.GetValueOrDefault(window, -1);
            last[window] = i;
        }
        for (int position = 0; position <= target.Length - WindowBytes; position++)
        {
            ulong window = Window(target, position);
            if (window == BitOperations.RotateLeft(window, 8) || !last.TryGetValue(window, out int match))
                continue;
            for (int i = 0; i < MatchesMax && match >= 0; i++, match = earlier[match])
                CollectionsMarshal.GetValueRefOrAddDefault(votes, (match * stride) - position, out _)++;
        }
        return votes;
    }

    private static ulong Window(byte[] bytes, int offset) => MemoryMarshal.Read<ulong>(bytes.AsSpan(offset));
}
