namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgConnack : MqttMsgBase
{
    public bool SessionPresent { get => throw null; set => throw null; }
    public MqttReasonCode ReturnCode { get => throw null; set => throw null; }
    public uint SessionExpiryInterval { get => throw null; set => throw null; }
    public ushort ReceiveMaximum { get => throw null; set => throw null; }
    public bool MaximumQoS { get => throw null; set => throw null; }
    public bool RetainAvailable { get => throw null; set => throw null; }
    public string AssignedClientIdentifier { get => throw null; set => throw null; }
    public ushort TopicAliasMaximum { get => throw null; set => throw null; }
    public string Reason { get => throw null; set => throw null; }
    public bool WildcardSubscriptionAvailable { get => throw null; set => throw null; }
    public bool SubscriptionIdentifiersAvailable { get => throw null; set => throw null; }
    public bool SharedSubscriptionAvailable { get => throw null; set => throw null; }
    public ushort ServerKeepAlive { get => throw null; set => throw null; }
    public string ResponseInformation { get => throw null; set => throw null; }
    public string ServerReference { get => throw null; set => throw null; }
    public string AuthenticationMethod { get => throw null; set => throw null; }
    public byte[] AuthenticationData { get => throw null; set => throw null; }
    public static MqttMsgConnack Parse(byte fixedHeaderFirstByte, MqttProtocolVersion protocolVersion, IMqttNetworkChannel channel) => throw null;
    public override byte[] GetBytes(MqttProtocolVersion protocolVersion) => throw null;
    public override string ToString() => throw null;
}
