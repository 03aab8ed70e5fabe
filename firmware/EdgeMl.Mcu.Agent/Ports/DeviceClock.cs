namespace EdgeMl.Mcu.Agent.Ports;

/// <summary>The port to the time since the device started. It should never go back; the agent bears it if it jumps either way.</summary>
public abstract class DeviceClock
{
    /// <summary>Milliseconds since the start.</summary>
    public abstract long Milliseconds { get; }
}
