using EdgeMl.Mcu.Mqtt;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>Who sends what to how many.</summary>
/// <param name="Quality">Quality of service of messages and subscriptions.</param>
/// <param name="Publishers">Connections that publish.</param>
/// <param name="Subscribers">Connections of which each gets every message.</param>
/// <param name="PayloadBytes">Bytes of each message's payload.</param>
internal sealed record MqttScenario(QualityOfService Quality, int Publishers, int Subscribers, int PayloadBytes)
{
    /// <summary>Where all messages go.</summary>
    public const string Topic = "edgeml/benchmark/up/device-1/status";

    public override string ToString() => $"QoS {(int)Quality}, {Publishers} -> {Subscribers}, {PayloadBytes:N0} B";
}
