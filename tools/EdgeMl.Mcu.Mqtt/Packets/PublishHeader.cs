namespace EdgeMl.Mcu.Mqtt.Packets;

/// <summary>The fields of PUBLISH beside topic and payload. The packet identifier is 0 with QoS 0.</summary>
internal readonly record struct PublishHeader(QualityOfService Quality, bool Retain, bool Duplicate, ushort PacketId);
