using System.Diagnostics;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Testing;

/// <summary>Gives damaged files to a reader, and to all that works on what it read.</summary>
/// <remarks>
/// A case may succeed or end with a <see cref="ToolchainException"/> of one line. It fails with any other exception, with more memory than
/// <see cref="BytesMax"/> and <see cref="BytesPerFileByteMax"/> allow, and when it does not end.
/// </remarks>
public static class Fuzzing
{
    /// <summary>Bytes that a case may allocate in all, alive or not, for a file of any size: a few times what the largest activations that are let in need.</summary>
    public const long BytesMax = 512L << 20;

    /// <summary>Bytes that a case may allocate besides for each byte of its file.</summary>
    public const long BytesPerFileByteMax = 64;

    /// <summary>How long one case may take before it counts as one that never ends; far beyond what the slowest takes on any machine.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a reader on damaged copies of a file.</summary>
    /// <param name="intact">The file.</param>
    /// <param name="count">Number of copies.</param>
    /// <param name="seed">Seed of <see cref="Mutations.Of"/>.</param>
    /// <param name="read">Reads and uses a copy.</param>
    /// <returns>How many copies were refused, by error code.</returns>
    public static IReadOnlyDictionary<string, int> Run(byte[] intact, int count, int seed, Action<byte[]> read) =>
        Run(Mutations.Of(intact, count, seed), read);

    /// <summary>Runs a reader on damaged files.</summary>
    /// <returns>How many were refused, by error code.</returns>
    public static IReadOnlyDictionary<string, int> Run(IEnumerable<byte[]> files, Action<byte[]> read)
    {
        var worker = new Worker(files, read);
        var thread = new Thread(worker.Run) { IsBackground = true, Name = "fuzzing" };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (worker.Elapsed > HangLimit)
                throw new FuzzingException($"File {worker.Case} does not end.");
        }
        return worker.Failure is null ? worker.Refusals : throw new FuzzingException($"File {worker.Case}: {worker.Failure.Message}", worker.Failure);
    }

    private sealed class Worker(IEnumerable<byte[]> files, Action<byte[]> read)
    {
        private long _started = Stopwatch.GetTimestamp();
        private int _case;

        public Dictionary<string, int> Refusals { get; } = [];

        public Exception? Failure { get; private set; }

        public int Case => Volatile.Read(ref _case);

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Volatile.Read(ref _started));

        public void Run()
        {
            try
            {
                foreach (byte[] damaged in files)
                {
                    Volatile.Write(ref _started, Stopwatch.GetTimestamp());
                    RunCase(damaged);
                    Volatile.Write(ref _case, _case + 1);
                }
            }
            catch (Exception exception)
            {
                Failure = exception;
            }
        }

        private void RunCase(byte[] damaged)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(damaged);
            }
            catch (ToolchainException refusal)
            {
                if (refusal.Message.Length == 0 || refusal.Message.AsSpan().ContainsAny('\r', '\n'))
                    throw new FuzzingException($"The message of {refusal.Code} is not one line: '{refusal.Message}'.");
                Refusals[refusal.Code] = Refusals.GetValueOrDefault(refusal.Code) + 1;
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > BytesMax + (BytesPerFileByteMax * damaged.Length))
                throw new FuzzingException($"{allocated} bytes were allocated for a file of {damaged.Length}.");
        }
    }
}

/// <summary>A damaged file broke its reader.</summary>
public sealed class FuzzingException(string message, Exception? innerException = null) : Exception(message, innerException);
