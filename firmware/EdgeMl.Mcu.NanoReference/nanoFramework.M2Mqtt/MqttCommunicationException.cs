using System;

namespace nanoFramework.M2Mqtt.Exceptions;

public class MqttCommunicationException : Exception
{
    public MqttCommunicationException() => throw null;
    public MqttCommunicationException(Exception e) => throw null;
}
