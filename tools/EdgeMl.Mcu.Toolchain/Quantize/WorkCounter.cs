namespace EdgeMl.Mcu.Toolchain.Quantizing;

/// <summary>Turns finished units of work into progress, at most once for each percent, and never beyond the whole. Thread-safe.</summary>
/// <param name="total">Units of the whole work, an estimate from above; at least 1.</param>
/// <param name="progress">Told the finished part, 0 to 1.</param>
internal sealed class WorkCounter(long total, IProgress<double> progress)
{
    private long _done;

    /// <summary>Counts one unit.</summary>
    public void Completed()
    {
        long done = Interlocked.Increment(ref _done);
        if (done <= total && done * 100 / total != (done - 1) * 100 / total)
            progress.Report((double)done / total);
    }

    /// <summary>Counts all of the work as done.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref _done, total) < total)
            progress.Report(1);
    }
}
