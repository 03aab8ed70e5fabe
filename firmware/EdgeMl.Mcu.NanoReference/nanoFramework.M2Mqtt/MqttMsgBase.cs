using System.Collections;

namespace nanoFramework.M2Mqtt.Messages;

public abstract class MqttMsgBase
{
    protected MqttMsgBase() => throw null;
    public MqttMessageType Type { get => throw null; set => throw null; }
    public bool DupFlag { get => throw null; set => throw null; }
    public MqttQoSLevel QosLevel { get => throw null; set => throw null; }
    public bool Retain { get => throw null; set => throw null; }
    public ushort MessageId { get => throw null; set => throw null; }
    public ArrayList UserProperties => throw null;
    public uint MaximumPacketSize { get => throw null; set => throw null; }
    public abstract byte[] GetBytes(MqttProtocolVersion protocolVersion);
    protected int EncodeVariableByte(int remainingLength, byte[] buffer, int index) => throw null;
    protected static int DecodeVariableByte(IMqttNetworkChannel channel) => throw null;
    protected string GetTraceString(string name, object[] fieldNames, object[] fieldValues) => throw null;
}
