namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>Many virtual devices in this process, on few threads.</summary>
public sealed class VirtualFleet : IAsyncDisposable
{
    private readonly DeviceScheduler _scheduler;
    private readonly List<VirtualDevice> _devices = [];
    private readonly Lock _lock = new();

    /// <summary>Creates a fleet without devices.</summary>
    /// <param name="workers">Devices that run at once; 0 for one on each processor.</param>
    public VirtualFleet(int workers = 0) => _scheduler = new DeviceScheduler(workers > 0 ? workers : Environment.ProcessorCount);

    /// <summary>The devices, in the order in which they were added.</summary>
    public IReadOnlyList<VirtualDevice> Devices
    {
        get
        {
            lock (_lock)
                return [.. _devices];
        }
    }

    /// <summary>Adds a device and switches it on.</summary>
    /// <param name="device">The device, whose <see cref="VirtualLink.Woken"/> belongs to the fleet from now on.</param>
    /// <param name="delay">Wait before it is switched on.</param>
    public void Add(VirtualDevice device, TimeSpan delay = default)
    {
        lock (_lock)
            _devices.Add(device);
        _scheduler.Add(device, delay);
    }

    /// <summary>Stops all devices, and disconnects them with a goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scheduler.DisposeAsync();
        await Parallel.ForEachAsync(Devices, async (device, _) =>
        {
            if (device.Link is IAsyncDisposable link)
                await link.DisposeAsync();
        });
    }
}
