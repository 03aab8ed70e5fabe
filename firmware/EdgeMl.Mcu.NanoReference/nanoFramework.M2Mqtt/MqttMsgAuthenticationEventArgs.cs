using System;

namespace nanoFramework.M2Mqtt.Messages;

public class MqttMsgAuthenticationEventArgs : EventArgs
{
    public MqttMsgAuthenticationEventArgs(MqttMsgAuthentication authentication) => throw null;
    public MqttMsgAuthentication Message => throw null;
}
