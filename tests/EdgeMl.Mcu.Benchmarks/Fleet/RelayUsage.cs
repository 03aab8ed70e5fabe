using System.Globalization;

namespace EdgeMl.Mcu.Benchmarks.Fleet;

/// <summary>A relay's process at one moment.</summary>
/// <param name="Counters">Its metrics by name.</param>
/// <param name="ResidentBytes">Resident memory.</param>
/// <param name="PeakBytes">The most resident memory since its start.</param>
/// <param name="HeapBytes">Managed heap, with what is not collected yet.</param>
/// <param name="Processor">Time on processors since its start.</param>
internal sealed record RelayUsage(IReadOnlyDictionary<string, long> Counters, long ResidentBytes, long PeakBytes, long HeapBytes, TimeSpan Processor)
{
    /// <summary>A metric by its name without the common prefix.</summary>
    public long this[string name] => Counters["edgeml_" + name];

    /// <summary>Reads metrics without labels.</summary>
    public static IReadOnlyDictionary<string, long> Parse(string metrics) => metrics.Split('\n')
        .Where(line => line.Length > 0 && !line.StartsWith('#') && !line.Contains('{', StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
}
