namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>When a connection was used, in milliseconds of <see cref="Environment.TickCount64"/>. Thread-safe.</summary>
internal sealed class ConnectionActivity
{
    private const long Never = long.MaxValue;

    private long _sent = Environment.TickCount64, _received = Environment.TickCount64, _sendingSince = Never, _probed = Never;

    public void OnSending() => Volatile.Write(ref _sendingSince, Environment.TickCount64);

    public void OnSent()
    {
        Volatile.Write(ref _sendingSince, Never);
        Volatile.Write(ref _sent, Environment.TickCount64);
    }

    public void OnReceived()
    {
        Volatile.Write(ref _received, Environment.TickCount64);
        Volatile.Write(ref _probed, Never);
    }

    public void OnProbe() => Volatile.Write(ref _probed, Environment.TickCount64);

    /// <summary>Whether nothing was sent, or nothing received, since a time, and no probe is under way.</summary>
    public bool IsQuietSince(long time) =>
        Volatile.Read(ref _probed) == Never && (Volatile.Read(ref _sent) <= time || Volatile.Read(ref _received) <= time);

    /// <summary>Whether a probe has been unanswered, or a packet not taken by the network, since before a time.</summary>
    public bool IsStuckSince(long time) => Volatile.Read(ref _probed) < time || Volatile.Read(ref _sendingSince) < time;
}
