namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgDisconnect : MqttMsgBase
{
    public uint SessionExpiryInterval { get => throw null; set => throw null; }
    public string Reason { get => throw null; set => throw null; }
    public string ServerReference { get => throw null; set => throw null; }
    public MqttReasonCode ResonCode { get => throw null; set => throw null; }
    public static MqttMsgDisconnect Parse(byte fixedHeaderFirstByte, MqttProtocolVersion protocolVersion, IMqttNetworkChannel channel) => throw null;
    public override byte[] GetBytes(MqttProtocolVersion protocolVersion) => throw null;
    public override string ToString() => throw null;
}
