namespace EdgeMl.Mcu.Mqtt;

/// <summary>A failure of MQTT, with a stable code and, where there is one, a hint.</summary>
public class MqttException(string code, string message, string? hint = null, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>One of <see cref="MqttErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; } = hint;
}
