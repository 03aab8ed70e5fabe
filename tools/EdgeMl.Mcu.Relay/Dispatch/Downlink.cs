namespace EdgeMl.Mcu.Relay.Dispatch;

/// <summary>A message to a device, with the number that it was given in the database.</summary>
/// <param name="Session">Order and session as they were committed.</param>
/// <param name="IsDesired">The desired state, as against an acknowledgement.</param>
internal sealed record Downlink(SessionRow Session, bool IsDesired);
