using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeMl.Mcu.Mqtt.MqttNet;

/// <summary>Messages of both libraries.</summary>
internal static class MqttNetMessages
{
    public static MqttApplicationMessage ToMqttNet(MqttMessage message) => new()
    {
        Topic = message.Topic,
        Payload = new ReadOnlySequence<byte>(message.Payload),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Quality,
        Retain = message.Retain,
    };

    public static MqttMessage FromMqttNet(MqttApplicationMessage message) =>
        new(message.Topic, message.Payload.ToArray(), (QualityOfService)message.QualityOfServiceLevel, message.Retain);
}
