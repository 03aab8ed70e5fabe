using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Bench.Flash;

namespace EdgeMl.Mcu.Bench.Devices;

/// <summary>What a virtual device is made with, beside its settings and its link.</summary>
public sealed record VirtualDeviceOptions
{
    /// <summary>What its flash holds; null for a blank one.</summary>
    public FlashImage? Image { get; init; }

    /// <summary>Bytes of its flash; a write beyond it fails.</summary>
    public long FlashBytes { get; init; } = long.MaxValue;

    /// <summary>What goes wrong.</summary>
    public DeviceFaults Faults { get; init; } = DeviceFaults.None;

    /// <summary>Whether it can lose power; its flash then follows what would survive, which takes memory and time.</summary>
    public bool CanLosePower { get; init; }

    /// <summary>Makes faults, nonces and waits reproducible.</summary>
    public int Seed { get; init; }

    /// <summary>Makes a sensor at each start of the device; gives null for none.</summary>
    public Func<Sensor?> Sensor { get; init; } = () => null;

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
