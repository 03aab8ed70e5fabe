namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>A table that clamps values to an activation range: it replaces two comparisons by one array load.</summary>
/// <param name="Name">Name of the field that holds it.</param>
/// <param name="First">What its first element stands for.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Low">Least element.</param>
/// <param name="High">Greatest element.</param>
internal sealed record SaturationTable(string Name, int First, int Count, int Low, int High)
{
    /// <summary>Whether the table has all values of a channel.</summary>
    public bool Covers(Requantization channel) => channel.Min >= First && channel.Max < First + Count;
}

/// <summary>The tables of a model, one for each activation range, large enough for the range and for all channels whose values stay within a limit.</summary>
internal sealed class SaturationTables
{
    /// <summary>How far below the least and above the greatest output a table reaches at most; channels that reach farther clamp by comparisons.</summary>
    public const int Reach = 4096;

    private readonly Dictionary<(int Low, int High), (int Min, int Max)> _ranges = [];

    /// <summary>The tables by activation range, for a model's linear layers.</summary>
    public SaturationTables(IEnumerable<WindowedLayer> layers)
    {
        foreach (WindowedLayer layer in layers)
        {
            foreach (Requantization channel in layer.Channels.Select(channel => channel.Requantization))
            {
                bool isTooWide = channel.Min < channel.Low - Reach || channel.Max > channel.High + Reach;
                if (channel.IsWithinRange || channel.Constant is not null || isTooWide)
                    continue;
                (int min, int max) = _ranges.GetValueOrDefault((channel.Low, channel.High), (channel.Low, channel.High));
                _ranges[(channel.Low, channel.High)] = (Math.Min(min, channel.Min), Math.Max(max, channel.Max));
            }
        }
    }

    /// <summary>All tables.</summary>
    public IEnumerable<SaturationTable> All => _ranges.Keys.Select(range => Find(range.Low, range.High)!);

    /// <summary>The table of an activation range, or null where none is needed.</summary>
    public SaturationTable? Find(int low, int high)
    {
        if (!_ranges.TryGetValue((low, high), out (int Min, int Max) range))
            return null;
        int index = _ranges.Keys.TakeWhile(key => key != (low, high)).Count();
        return new SaturationTable($"Saturation{index}", range.Min, range.Max - range.Min + 1, low, high);
    }
}
