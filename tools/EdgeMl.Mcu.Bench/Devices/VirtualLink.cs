using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>A device's link that loses, repeats and reorders messages in both directions. Derived classes say how messages travel.</summary>
/// <remarks>The device's side is called from one thread at a time; <see cref="Receive"/> from any.</remarks>
public abstract class VirtualLink : DeviceLink
{
    private readonly Lock _lock = new();
    private (string Topic, byte[] Payload, int Quality)? _heldUp;
    private (string Topic, byte[] Payload)? _heldDown;
    private Random _random = new(0);

    /// <summary>What goes wrong; may change at any time.</summary>
    public DeviceFaults Faults { get; set; } = DeviceFaults.None;

    /// <summary>Is called when the device has something to do: a message or a connection has come. From any thread.</summary>
    public Action? Woken { get; set; }

    /// <summary>Messages that the device sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Whether the device has no network: it cannot connect.</summary>
    public bool IsOffline { get; private set; }

    /// <summary>Makes the faults reproducible.</summary>
    public void Seed(int seed) => _random = new Random(seed);

    /// <summary>Takes the network away, or gives it back.</summary>
    public void SetOffline(bool isOffline)
    {
        IsOffline = isOffline;
        if (isOffline)
            Disconnect();
    }

    /// <summary>Ends the connection without a goodbye: the device has lost power, or its network.</summary>
    public void Disconnect()
    {
        lock (_lock)
            (_heldUp, _heldDown) = (null, null);
        Drop();
    }

    /// <inheritdoc/>
    public sealed override void Connect()
    {
        if (!IsOffline)
            Open();
    }

    /// <inheritdoc/>
    public sealed override bool Publish(string topic, byte[] buffer, int offset, int count, int quality)
    {
        if (Connection == 0)
            return false;
        Sent++;
        byte[] payload = buffer.AsSpan(offset, count).ToArray();
        List<(string Topic, byte[] Payload, int Quality)> outgoing = [];
        lock (_lock)
            Disturb((topic, payload, quality), ref _heldUp, outgoing);
        foreach ((string outTopic, byte[] outPayload, int outQuality) in outgoing)
            Send(outTopic, outPayload, outQuality);
        return true;
    }

    /// <summary>Begins to connect, where that is not under way.</summary>
    protected abstract void Open();

    /// <summary>Ends the connection.</summary>
    protected abstract void Drop();

    /// <summary>Sends a message, which nobody changes any more.</summary>
    protected abstract void Send(string topic, byte[] payload, int quality);

    /// <summary>A message has come from the broker.</summary>
    protected void Receive(string topic, byte[] payload)
    {
        List<(string Topic, byte[] Payload)> arrived = [];
        lock (_lock)
            Disturb((topic, payload), ref _heldDown, arrived);
        foreach ((string arrivedTopic, byte[] arrivedPayload) in arrived)
            Inbox.Add(arrivedTopic, arrivedPayload, 0, arrivedPayload.Length);
        Woken?.Invoke();
    }

    private void Disturb<T>(T message, ref T? held, List<T> passed)
        where T : struct
    {
        DeviceFaults faults = Faults;
        bool isLost = Happens(faults.Loss);
        if (!isLost && held is null && Happens(faults.Reordering))
        {
            held = message;
            return;
        }
        if (!isLost)
            passed.Add(message);
        if (!isLost && Happens(faults.Duplication))
            passed.Add(message);
        if (held is { } late)
            passed.Add(late);
        held = null;
    }

    private bool Happens(double chance) => chance > 0 && _random.NextDouble() < chance;
}
