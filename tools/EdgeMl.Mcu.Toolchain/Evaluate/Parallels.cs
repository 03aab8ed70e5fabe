namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>Work on all cores.</summary>
internal static class Parallels
{
    /// <summary>Calls a body with each index from 0 on, on all cores.</summary>
    /// <exception cref="ToolchainException">The body's, without the wrapping of parallel loops.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void For(int count, Action<int> body, CancellationToken cancellation) =>
        Run(options => Parallel.For(0, count, options, body), cancellation);

    /// <summary>Runs a parallel loop with the usual options.</summary>
    /// <exception cref="ToolchainException">The body's, without the wrapping of parallel loops.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(Action<ParallelOptions> loop, CancellationToken cancellation)
    {
        try
        {
            loop(new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation });
        }
        catch (AggregateException aggregate) when (aggregate.InnerExceptions.OfType<ToolchainException>().FirstOrDefault() is { } first)
        {
            throw new ToolchainException(first.Code, first.Message, first.Hint, aggregate);
        }
    }
}
