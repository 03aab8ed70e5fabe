using System;

namespace nanoFramework.M2Mqtt.Exceptions;

public class MqttClientException : Exception
{
    public MqttClientException(MqttClientErrorCode errorCode) => throw null;
    public MqttClientErrorCode ErrorCode { get => throw null; set => throw null; }
}
