using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>Probes a quiet connection with PINGREQ, and ends one that gives no answers.</summary>
internal sealed class ConnectionWatch(MqttClientOptions options, ClientConnection connection, PublishWindow window)
{
    // A probe goes out before the broker has reason to miss one.
    private const double ProbeAfter = 0.75;
    private const int LooksPerInterval = 4;

    private static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(20), IntervalMax = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval());
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private void Look()
    {
        long now = Environment.TickCount64;
        long overdue = now - (long)options.AcknowledgementTimeout.TotalMilliseconds;
        if (connection.Activity.IsStuckSince(overdue) || window.IsOverdue(connection, overdue))
        {
            connection.Fail(new MqttException(
                MqttErrorCodes.ConnectionLost, $"The broker {options} did not answer within {options.AcknowledgementTimeout.TotalSeconds:0.#} s."));
        }
        else if (options.KeepAlive > TimeSpan.Zero && connection.Activity.IsQuietSince(now - (long)(options.KeepAlive.TotalMilliseconds * ProbeAfter)))
        {
            connection.Activity.OnProbe();
            // Not waited for: a network that takes nothing would stop the watch.
            _ = connection.TrySendAsync(new EmptyPacket(PacketType.Pingreq)).AsTask();
        }
    }

    private TimeSpan Interval()
    {
        TimeSpan interval = options.AcknowledgementTimeout / LooksPerInterval;
        if (options.KeepAlive > TimeSpan.Zero && options.KeepAlive / LooksPerInterval < interval)
            interval = options.KeepAlive / LooksPerInterval;
        return TimeSpan.FromTicks(Math.Clamp(interval.Ticks, IntervalMin.Ticks, IntervalMax.Ticks));
    }
}
