namespace EdgeMl.Mcu.Mqtt;

/// <summary>The other side broke the protocol; the connection is closed (MQTT 3.1.1, 4.8).</summary>
public sealed class MqttProtocolException(string code, string message) : MqttException(code, message)
{
    internal static MqttProtocolException Malformed(string message) => new(MqttErrorCodes.Malformed, message);

    internal static MqttProtocolException Violation(string message) => new(MqttErrorCodes.ProtocolViolation, message);
}
