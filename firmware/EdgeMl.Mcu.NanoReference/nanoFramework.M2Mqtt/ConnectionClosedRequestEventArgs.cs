using System;

namespace nanoFramework.M2Mqtt.Messages;

public class ConnectionClosedRequestEventArgs : EventArgs
{
    public ConnectionClosedRequestEventArgs(MqttMsgDisconnect disconnect) => throw null;
    public MqttMsgDisconnect Message => throw null;
}
