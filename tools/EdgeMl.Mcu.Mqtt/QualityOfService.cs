namespace EdgeMl.Mcu.Mqtt;

/// <summary>How often a message arrives (MQTT 3.1.1, 4.3).</summary>
public enum QualityOfService
{
    /// <summary>QoS 0: at most once, not acknowledged.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: at least once, acknowledged with PUBACK.</summary>
    AtLeastOnce = 1,

    /// <summary>QoS 2: exactly once, with PUBREC, PUBREL and PUBCOMP.</summary>
    ExactlyOnce = 2,
}
