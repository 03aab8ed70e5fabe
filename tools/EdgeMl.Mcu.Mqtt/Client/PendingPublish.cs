using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>A QoS 1 message that the broker has not acknowledged. Belongs to <see cref="PublishWindow"/>.</summary>
internal sealed class PendingPublish(MqttMessage message, ushort id)
{
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ushort Id { get; } = id;

    /// <summary>Ends with the acknowledgement, or when the client gives up.</summary>
    public Task Acknowledged => _acknowledged.Task;

    /// <summary>The connection that it was sent on last.</summary>
    public ClientConnection? SentOn { get; private set; }

    /// <summary>When that was, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long SentAt { get; private set; }

    /// <summary>The packet for a connection; a repetition if the broker may have got it in the same session.</summary>
    public OutgoingPublish SendOn(ClientConnection connection)
    {
        bool isRepetition = SentOn is not null && connection.SessionPresent;
        SentOn = connection;
        SentAt = Environment.TickCount64;
        return new OutgoingPublish(message, Id, isRepetition);
    }

    public void Acknowledge() => _acknowledged.TrySetResult();

    public void GiveUp(Exception reason) => _acknowledged.TrySetException(reason);
}
