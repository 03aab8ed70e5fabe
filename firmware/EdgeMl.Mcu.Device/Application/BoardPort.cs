using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Device.Sensors;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>The port to a board: what is on it, and what its firmware offers. No member throws; one that a board does not have gives null.</summary>
public abstract class BoardPort
{
    /// <summary>File of the factory model, in the root folder of the board's drive.</summary>
    public const string ModelName = "model.emlm";

    /// <summary>File of the economy model.</summary>
    public const string EconomyModelName = "economy.emlm";

    /// <summary>Name, as in <c>hardware/boards</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Milliseconds since the start.</summary>
    public abstract DeviceClock Clock { get; }

    /// <summary>Milliseconds of a clock that runs through deep sleep, from any zero.</summary>
    public abstract long Time { get; }

    /// <summary>Whether this start ended a deep sleep.</summary>
    public abstract bool HasWoken { get; }

    /// <summary>A number that is probably another one at each start.</summary>
    public abstract long Entropy { get; }

    /// <summary>Bytes of the managed heap that are free.</summary>
    public abstract int FreeMemoryBytes { get; }

    /// <summary>Where the agent keeps its files; null on a board without storage.</summary>
    public abstract FileStore Store { get; }

    /// <summary>Where the bench link puts files; null on a board without storage.</summary>
    public abstract LinkFiles Files { get; }

    /// <summary>The bench link of a board that has no configuration; null for none.</summary>
    public abstract LinkSettings DefaultLink { get; }

    /// <summary>Whether the board has a watchdog of its own that resets it when managed code hangs. No firmware of the 1.17 line offers one.</summary>
    public virtual bool HasWatchdog => false;

    /// <summary>Reads the configuration.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <returns>Its bytes, also where they are more than the buffer takes; -1 where there is none.</returns>
    public abstract int ReadConfiguration(byte[] buffer);

    /// <summary>Opens a model file that came with the application.</summary>
    /// <param name="name"><see cref="ModelName"/> or <see cref="EconomyModelName"/>.</param>
    /// <returns>Null where there is none.</returns>
    public abstract ByteSource OpenModel(string name);

    /// <summary>The network; null on a board without one.</summary>
    public abstract NetworkPort OpenNetwork(DeviceConfiguration configuration);

    /// <summary>The MQTT client; null on a board without a network.</summary>
    public abstract MqttTransport OpenTransport(DeviceConfiguration configuration);

    /// <summary>A channel of the analogue-to-digital converter; null where there is none.</summary>
    public abstract AnalogInput OpenAnalog(int channel);

    /// <summary>A chip on I2C; null where there is no such bus.</summary>
    public abstract RegisterBus OpenRegisters(SensorSettings settings);

    /// <summary>A serial port for the bench link; null where it cannot be opened.</summary>
    public abstract LinkPort OpenLink(LinkSettings settings);

    /// <summary>Sleeps deeply and starts anew; returns at once on a board that cannot.</summary>
    /// <param name="milliseconds">How long.</param>
    public abstract void SleepDeeply(int milliseconds);

    /// <summary>Restarts.</summary>
    public abstract void Reboot();

    /// <summary>Writes a line to the log.</summary>
    public abstract void Log(string line);
}
