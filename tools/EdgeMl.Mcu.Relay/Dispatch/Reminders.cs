namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>Which devices were told what to run and have not answered, and when to tell them again. One table for all; no timers. Thread-safe.</summary>
internal sealed class Reminders(TimeSpan first, TimeSpan last)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Reminder> _reminders = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(string Device, TimeSpan Due), TimeSpan> _queue = new();

    /// <summary>Devices that have not answered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _reminders.Count;
        }
    }

    /// <summary>A device was told; each time doubles the wait for the next one.</summary>
    public void Sent(string device, TimeSpan now)
    {
        lock (_lock)
        {
            TimeSpan wait = _reminders.TryGetValue(device, out Reminder before) ? Min(before.Wait * 2, last) : first;
            Set(device, wait, now);
        }
    }

    /// <summary>A device has answered, and is at work.</summary>
    public void Heard(string device, TimeSpan now)
    {
        lock (_lock)
        {
            if (_reminders.ContainsKey(device))
                Set(device, last, now);
        }
    }

    /// <summary>A device needs no reminder any more.</summary>
    public void Remove(string device)
    {
        lock (_lock)
            _reminders.Remove(device);
    }

    /// <summary>Devices that are due, oldest first.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="count">At most as many.</param>
    public IReadOnlyList<string> TakeDue(TimeSpan now, int count)
    {
        var due = new List<string>();
        lock (_lock)
        {
            while (due.Count < count && _queue.TryPeek(out (string Device, TimeSpan Due) entry, out _) && entry.Due <= now)
            {
                _queue.Dequeue();
                if (_reminders.TryGetValue(entry.Device, out Reminder reminder) && reminder.Due == entry.Due)
                    due.Add(entry.Device);
            }
        }
        return due;
    }

    private void Set(string device, TimeSpan wait, TimeSpan now)
    {
        // Spread, so that those who were told together are not told again together.
        TimeSpan due = now + (wait * (0.75 + (0.5 * Random.Shared.NextDouble())));
        _reminders[device] = new Reminder(wait, due);
        _queue.Enqueue((device, due), due);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private readonly record struct Reminder(TimeSpan Wait, TimeSpan Due);
}
