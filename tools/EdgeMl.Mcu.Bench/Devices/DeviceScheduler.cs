using System.Threading.Channels;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>Runs many devices on a few threads: each when its time has come or its link wakes it, one step after another, never twice at once.</summary>
internal sealed class DeviceScheduler : IAsyncDisposable
{
    // Times are looked at so often; a device waits half a second or more unless it is woken.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // After so many steps without a pause other devices have their turn.
    private const int StepsPerTurn = 16;

    private readonly Channel<Entry> _ready = Channel.CreateUnbounded<Entry>();
    private readonly PriorityQueue<Entry, long> _waiting = new();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _tasks;

    /// <summary>Starts the threads.</summary>
    /// <param name="workers">Devices that run at once.</param>
    public DeviceScheduler(int workers)
    {
        _tasks = [Task.Run(WatchAsync), .. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Runs a device from now on.</summary>
    /// <param name="device">The device.</param>
    /// <param name="delay">Wait before its first step.</param>
    public void Add(VirtualDevice device, TimeSpan delay)
    {
        var entry = new Entry(device);
        device.Link.Woken = () => Wake(entry);
        WaitUntil(entry, Environment.TickCount64 + (long)delay.TotalMilliseconds);
    }

    /// <summary>Ends all threads.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ready.Writer.TryComplete();
        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private void Wake(Entry entry)
    {
        // One that is queued already sees the news; one that runs is queued again afterwards.
        if (Interlocked.Exchange(ref entry.IsQueued, 1) == 0)
            _ready.Writer.TryWrite(entry);
    }

    private async Task WorkAsync()
    {
        await foreach (Entry entry in _ready.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (_stop.IsCancellationRequested)
                return;
            if (Interlocked.Exchange(ref entry.IsRunning, 1) != 0)
            {
                // Another thread runs it still.
                await Task.Yield();
                _ready.Writer.TryWrite(entry);
                continue;
            }
            Volatile.Write(ref entry.IsQueued, 0);
            int wait = 0;
            for (int i = 0; i < StepsPerTurn && wait == 0; i++)
                wait = entry.Device.Step();
            Volatile.Write(ref entry.IsRunning, 0);
            if (wait == 0)
                Wake(entry);
            else if (wait != int.MaxValue)
                WaitUntil(entry, Environment.TickCount64 + wait);
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                WakeDue(Environment.TickCount64);
        }
        catch (OperationCanceledException)
        {
            // The fleet stops.
        }
    }

    private void WaitUntil(Entry entry, long time)
    {
        lock (_lock)
        {
            // The earliest of several times that wait for one device is enough: its step says the next one.
            if (time >= entry.DueAt)
                return;
            entry.DueAt = time;
            _waiting.Enqueue(entry, time);
        }
    }

    private void WakeDue(long now)
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out Entry? entry, out long time) && time <= now)
            {
                _waiting.Dequeue();
                if (time != entry.DueAt)
                    continue;
                entry.DueAt = long.MaxValue;
                Wake(entry);
            }
        }
    }

    private sealed class Entry(VirtualDevice device)
    {
        public int IsQueued;
        public int IsRunning;

        public VirtualDevice Device { get; } = device;

        public long DueAt { get; set; } = long.MaxValue;
    }
}
