namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>A change of a client's connection.</summary>
/// <param name="IsConnected">Whether there is a connection now.</param>
/// <param name="Reason">Why not, or null.</param>
public sealed record ConnectionChange(bool IsConnected, Exception? Reason);
