using System;

namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgUnsubscribedEventArgs : EventArgs
{
    public MqttMsgUnsubscribedEventArgs(ushort messageId) => throw null;
    public ushort MessageId => throw null;
}
