using System;

namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgPublishEventArgs : EventArgs
{
    public MqttMsgPublishEventArgs(string topic, byte[] message, bool dupFlag, MqttQoSLevel qosLevel, bool retain) => throw null;
    public string Topic => throw null;
    public byte[] Message => throw null;
    public bool DupFlag => throw null;
    public MqttQoSLevel QosLevel => throw null;
    public bool Retain => throw null;
}
