using System;
using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>Milliseconds since the start of the CLR.</summary>
public sealed class UptimeClock : DeviceClock
{
    /// <inheritdoc/>
    public override long Milliseconds => Environment.TickCount64;
}
