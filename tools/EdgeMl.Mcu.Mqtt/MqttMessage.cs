using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt;

/// <summary>An application message.</summary>
/// <remarks>Immutable; the payload's memory belongs to the message and must not change after it was handed over.</remarks>
public sealed class MqttMessage
{
    /// <summary>Makes a message.</summary>
    /// <param name="topic">A topic name: 1 to 65,535 bytes in UTF-8, without wildcards and U+0000.</param>
    /// <param name="payload">Any bytes, also none.</param>
    /// <param name="quality">How often it arrives.</param>
    /// <param name="retain">Sent: the broker keeps it for later subscribers (no payload: forgets what it kept). Received: it was kept.</param>
    /// <exception cref="ArgumentException">The topic is no topic name.</exception>
    public MqttMessage(string topic, ReadOnlyMemory<byte> payload, QualityOfService quality = QualityOfService.AtMostOnce, bool retain = false)
    {
        if (!TopicName.IsValid(topic))
            throw new ArgumentException("A topic name has 1 to 65,535 bytes in UTF-8 and neither '+', '#' nor U+0000.", nameof(topic));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)quality, (uint)QualityOfService.ExactlyOnce, nameof(quality));
        Topic = topic;
        Payload = payload;
        Quality = quality;
        Retain = retain;
    }

    /// <summary>The topic name.</summary>
    public string Topic { get; }

    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>How often it arrives.</summary>
    public QualityOfService Quality { get; }

    /// <summary>Whether the broker keeps it, or kept it.</summary>
    public bool Retain { get; }
}
