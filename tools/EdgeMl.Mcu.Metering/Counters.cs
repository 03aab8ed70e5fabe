using EdgeMl.Mcu.Metering.Instrumentation;

namespace EdgeMl.Mcu.Metering;

/// <summary>What one method executed.</summary>
/// <param name="Method"><c>Namespace.Type::Method(ParameterTypes)</c></param>
/// <param name="Calls">How often it began.</param>
/// <param name="Instructions">Executed IL, that of methods that it called apart.</param>
/// <param name="Weighted">Their time in plain instructions.</param>
public sealed record MethodCount(string Method, long Calls, long Instructions, double Weighted);

/// <summary>Executed IL between two moments of a <see cref="MeteredProgram"/>. Immutable.</summary>
public sealed class Counters
{
    private readonly IReadOnlyList<Segment> _segments;
    private readonly IReadOnlyList<string> _methods;
    private readonly long[] _executions;

    internal Counters(IReadOnlyList<Segment> segments, IReadOnlyList<string> methods, long[] executions)
    {
        _segments = segments;
        _methods = methods;
        _executions = executions;
        var byClass = new long[Enum.GetValues<OpcodeClass>().Length];
        for (int i = 0; i < executions.Length; i++)
        {
            if (executions[i] == 0)
                continue;
            Segment segment = segments[i];
            Instructions += executions[i] * segment.Instructions;
            Weighted += executions[i] * segment.Cost;
            AllocatedBytes += executions[i] * segment.AllocatedBytes;
            UnknownLibraryCalls += executions[i] * segment.UnknownCalls;
            ReadOnlySpan<int> counts = segment.ByClass;
            for (int c = 0; c < counts.Length; c++)
                byClass[c] += executions[i] * counts[c];
        }
        ByClass = Enum.GetValues<OpcodeClass>().ToDictionary(each => each, each => byClass[(int)each]);
    }

    /// <summary>Executed IL instructions, exactly as the device's interpreter counts them where <see cref="UnknownLibraryCalls"/> is 0. A prefix is an instruction of its own.</summary>
    public long Instructions { get; }

    /// <summary>Time in plain instructions; see <see cref="Costs.InstructionCosts"/>.</summary>
    public double Weighted { get; }

    /// <summary>Executed instructions by class; all classes are there.</summary>
    public IReadOnlyDictionary<OpcodeClass, long> ByClass { get; }

    /// <summary>Bytes of the device's managed heap that new objects and arrays took; those that the class library makes apart.</summary>
    public long AllocatedBytes { get; }

    /// <summary>
    /// Calls of methods of the class library that <see cref="Costs.LibraryCosts"/> does not know. They count as calls of native code; managed ones execute more.
    /// </summary>
    public long UnknownLibraryCalls { get; }

    /// <summary>What ran between <paramref name="earlier"/> and <paramref name="later"/>, two snapshots of one program.</summary>
    public static Counters operator -(Counters later, Counters earlier) => Subtract(later, earlier);

    /// <summary>What ran between <paramref name="right"/> and <paramref name="left"/>, two snapshots of one program.</summary>
    /// <exception cref="ArgumentException">The snapshots are of different programs.</exception>
    public static Counters Subtract(Counters left, Counters right)
    {
        if (left._segments != right._segments)
            throw new ArgumentException("The counters are of different programs.", nameof(right));
        var executions = new long[left._executions.Length];
        for (int i = 0; i < executions.Length; i++)
            executions[i] = left._executions[i] - right._executions[i];
        return new Counters(left._segments, left._methods, executions);
    }

    /// <summary>Methods that executed anything, the most expensive first.</summary>
    public IReadOnlyList<MethodCount> ByMethod() =>
    [
        .. _segments.Select((segment, i) => (Segment: segment, Executions: _executions[i])).Where(entry => entry.Executions > 0).GroupBy(entry => entry.Segment.Method)
            .Select(method => new MethodCount(
                _methods[method.Key],
                method.Sum(entry => entry.Segment.IsEntry ? entry.Executions : 0),
                method.Sum(entry => entry.Executions * entry.Segment.Instructions),
                method.Sum(entry => entry.Executions * entry.Segment.Cost)))
            .OrderByDescending(method => method.Weighted),
    ];
}
