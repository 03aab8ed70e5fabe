using System;

namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgSubscribedEventArgs : EventArgs
{
    public MqttMsgSubscribedEventArgs(ushort messageId, MqttQoSLevel[] grantedQosLevels) => throw null;
    public ushort MessageId => throw null;
    public MqttQoSLevel[] GrantedQoSLevels => throw null;
}
