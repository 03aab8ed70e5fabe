namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>
/// The changes of files that are not durable, oldest first, and what a power cut may make of them: with up to <see cref="SubsetsMax"/> changes every subset of those before
/// the last is kept, with more of them all, none and <see cref="SeededSubsets"/> others; with each, the last one is lost, kept, torn to its first byte, its half or
/// all but its last byte, or leaves undefined bytes. Besides, each single earlier write is torn to its half while all else is kept.
/// </summary>
internal sealed class UnflushedChanges
{
    /// <summary>Most changes of which every subset is tried.</summary>
    public const int SubsetsMax = 5;

    /// <summary>Subsets tried of more changes, beside all and none.</summary>
    public const int SeededSubsets = 14;

    private readonly List<FileChange> _changes = [];

    private int Earlier => Math.Max(0, _changes.Count - 1);

    private int Subsets => _changes.Count <= SubsetsMax ? 1 << Earlier : SeededSubsets + 2;

    private int Endings => _changes.Count == 0 ? 1 : _changes[^1].Kind == OperationKind.Write ? 6 : 2;

    public int VariantCount => (Subsets * Endings) + Earlier;

    public void Add(FileChange change) => _changes.Add(change);

    public void Flush(int file)
    {
        if (_changes.Count > 0)
            _changes.RemoveAll(change => change.File == file);
    }

    public void Clear() => _changes.Clear();

    public FlashImage Survivor(byte[]?[] files, byte[]?[] durable, bool[] shared, int variant)
    {
        byte[]?[] areas = (byte[]?[])files.Clone();
        foreach (FileChange change in _changes)
            areas[change.File] = durable[change.File];
        Array.Fill(shared, true);
        int torn = variant - (Subsets * Endings);
        ulong kept = torn >= 0 ? ulong.MaxValue : Subset(variant / Endings);
        for (int i = 0; i < _changes.Count; i++)
        {
            FileChange change = _changes[i];
            ref byte[]? area = ref areas[change.File];
            if (i == torn)
                area = change.Apply(area, change.Bytes.Length / 2);
            else if (i < Earlier)
                area = i > 63 || (kept >> i & 1) != 0 ? change.Apply(area, change.Bytes.Length) : area;
            else
                area = torn >= 0 ? change.Apply(area, change.Bytes.Length) : Last(change, area, variant % Endings);
        }
        return new FlashImage(areas);
    }

    private static byte[]? Last(FileChange change, byte[]? area, int ending)
    {
        int count = change.Bytes.Length;
        return ending switch
        {
            0 => area,
            1 => change.Apply(area, count),
            2 => change.Apply(area, Math.Min(1, count)),
            3 => change.Apply(area, count / 2),
            4 => change.Apply(area, Math.Max(0, count - 1)),
            _ => change.Apply(area, count / 2, undefined: true),
        };
    }

    /// <summary>Which of the earlier changes are kept, one bit each.</summary>
    private ulong Subset(int number)
    {
        if (_changes.Count <= SubsetsMax)
            return (ulong)number;
        if (number < 2)
            return number == 0 ? 0 : ulong.MaxValue;
        ulong state = ((ulong)number * 0x9E3779B97F4A7C15) ^ (ulong)_changes.Count;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        return state ^ (state >> 27);
    }
}
