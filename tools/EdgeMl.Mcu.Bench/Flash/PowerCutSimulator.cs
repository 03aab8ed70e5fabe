using System.Collections.Concurrent;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Bench.Flash;

/// <summary>
/// Cuts the power of a device at every storage operation, in every variant of what survives, starts it again, and does the same to that run, to a number
/// of cuts. The device's code says by an exception that something is wrong.
/// </summary>
/// <remarks>
/// A run is not repeated for each of its cut points: what would survive is taken at every operation of one run. A content that was met before (with as many cuts left) is not
/// started again, so what the device does may depend on nothing but its memory and what it announced.
/// </remarks>
public sealed class PowerCutSimulator
{
    private const int FailuresKept = 20;

    private readonly SimulatedMemory _memory;
    private readonly Action<FileStore, Announcements> _device;

    /// <summary>Creates a simulator.</summary>
    /// <param name="memory">The kind of memory.</param>
    /// <param name="device">
    /// Starts the device on its store and returns when it is done. It checks what must hold after any number of cuts, at the start and in the end, and throws where it does not. It is called
    /// on several threads.
    /// </param>
    public PowerCutSimulator(SimulatedMemory memory, Action<FileStore, Announcements> device)
    {
        _memory = memory;
        _device = device;
    }

    /// <summary>Threads that run devices.</summary>
    public int MaxDegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Tries every cut, and every sequence of cuts.</summary>
    /// <param name="start">What the memory holds before the first run.</param>
    /// <param name="cuts">Most cuts in a sequence, 1 or more.</param>
    public PowerCutReport Run(FlashImage start, int cuts)
    {
        var search = new Search(_memory, _device, cuts);
        List<Start> next = search.Explore(new Start(start, new Announcements(), null, default, 0), cuts);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxDegreeOfParallelism };
        Parallel.ForEach(Partitioner.Create(next, EnumerablePartitionerOptions.NoBuffering), options, child => search.ExploreAll(child, cuts - 1));
        return search.Report();
    }

    /// <summary>A memory content to start with, and the cuts that led to it.</summary>
    private sealed record Start(FlashImage Image, Announcements Announced, Start? Before, StorageOperation Operation, int Variant)
    {
        public override string ToString() =>
            Before is null ? "without a cut" : Before.Before is null ? Cut : $"{Before}, then {Cut}";

        private string Cut => $"cut at [{Operation}] variant {Variant}";
    }

    private sealed class Search(SimulatedMemory memory, Action<FileStore, Announcements> device, int cuts)
    {
        private readonly HashSet<UInt128>[] _met = [.. Enumerable.Range(0, cuts + 1).Select(_ => new HashSet<UInt128>())];
        private readonly long[] _points = new long[cuts];
        private readonly ConcurrentQueue<string> _failures = new();
        private long _operations;
        private long _states;
        private long _failureCount;

        public PowerCutReport Report() => new(_operations, _points, _states, _failureCount, [.. _failures]);

        public void ExploreAll(Start start, int cutsLeft)
        {
            foreach (Start next in Explore(start, cutsLeft))
                ExploreAll(next, cutsLeft - 1);
        }

        /// <summary>Runs the device once, and gives what a cut anywhere in the run leaves.</summary>
        public List<Start> Explore(Start start, int cutsLeft)
        {
            var next = new List<Start>();
            var announced = new Announcements(start.Announced);
            var power = new PowerSupply();
            if (cutsLeft > 0)
                power.Observer = (volatileMemory, operation) => Collect(volatileMemory, operation, start, announced, cutsLeft, next);
            try
            {
                (FileStore store, IVolatileMemory volatileMemory) = memory.PowerOn(start.Image, power);
                device(store, announced);
                if (cutsLeft > 0)
                    Collect(volatileMemory, default, start, announced, cutsLeft, next);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (Interlocked.Increment(ref _failureCount) <= FailuresKept)
                    _failures.Enqueue($"{start}: {exception.GetType().Name}: {exception.Message}");
            }
            if (start.Before is null)
                _operations = power.Operations;
            return next;
        }

        private void Collect(IVolatileMemory volatileMemory, StorageOperation operation, Start start, Announcements announced, int cutsLeft, List<Start> next)
        {
            var told = new Announcements(announced);
            int count = volatileMemory.VariantCount;
            Interlocked.Add(ref _points[cuts - cutsLeft], count);
            for (int variant = 0; variant < count; variant++)
            {
                FlashImage image = volatileMemory.Survivor(variant);
                if (!IsNew(image.Fingerprint(told), cutsLeft - 1))
                    continue;
                Interlocked.Increment(ref _states);
                next.Add(new Start(image, told, start, operation, variant));
            }
        }

        /// <summary>Whether a content was not yet started with, with at least as many cuts left.</summary>
        private bool IsNew(UInt128 fingerprint, int cutsLeft)
        {
            for (int more = cutsLeft + 1; more <= cuts; more++)
            {
                lock (_met[more])
                {
                    if (_met[more].Contains(fingerprint))
                        return false;
                }
            }
            lock (_met[cutsLeft])
                return _met[cutsLeft].Add(fingerprint);
        }
    }
}
