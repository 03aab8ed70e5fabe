namespace nanoFramework.M2Mqtt.Messages;

public enum MqttRetainHandeling
{
    AllTime = 0,
    SubscribeTimeOnly = 1,
    NoRetain = 2,
}
