using System.Diagnostics;

namespace EdgeMl.Mcu.Cli;

/// <summary>A progress bar on one line of standard error, drawn for work that takes more than a second and erased at its end. Thread-safe.</summary>
internal sealed class ProgressLine(Terminal terminal, string description, int total) : IProgress<double>, IDisposable
{
    private const int BarWidth = 30;
    private const long StartMilliseconds = 1000;
    private const long RedrawMilliseconds = 100;

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _done;
    private long _drawnAt = StartMilliseconds - RedrawMilliseconds;
    private int _drawnLength;

    /// <summary>Counts one step.</summary>
    public void Step()
    {
        Draw(Interlocked.Increment(ref _done));
    }

    /// <summary>Sets the finished part, 0 to 1.</summary>
    public void Report(double value) => Draw((int)(value * total));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_drawnLength > 0)
            terminal.Error.Write('\r' + new string(' ', _drawnLength) + '\r');
    }

    private void Draw(int done)
    {
        if (!terminal.ShowsProgress)
            return;
        long now = (long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
        if (now < Volatile.Read(ref _drawnAt) + RedrawMilliseconds)
            return;
        lock (_lock)
        {
            _drawnAt = now;
            int filled = (int)((long)Math.Min(done, total) * BarWidth / Math.Max(total, 1));
            string line = $"{description} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {done}/{total}";
            terminal.Error.Write('\r' + line);
            _drawnLength = Math.Max(_drawnLength, line.Length);
        }
    }
}
