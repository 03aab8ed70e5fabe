using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Hardware.Common;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Hardware.Stm32;

/// <summary>STM32F429I-DISCO: neither a file system nor a network in its firmware. It serves the bench link, over which a model comes into RAM.</summary>
public sealed class Stm32F429Board : NanoBoard
{
    /// <inheritdoc/>
    public override string Name => "STM32F429I-DISCO";

    /// <inheritdoc/>
    public override bool HasWoken => false;

    /// <inheritdoc/>
    public override FileStore Store => null;

    /// <inheritdoc/>
    public override LinkFiles Files => null;

    /// <inheritdoc/>
    public override LinkSettings DefaultLink => new LinkSettings { Port = "COM3" };

    /// <inheritdoc/>
    public override int ReadConfiguration(byte[] buffer)
    {
        return -1;
    }

    /// <inheritdoc/>
    public override ByteSource OpenModel(string name)
    {
        return null;
    }

    /// <inheritdoc/>
    public override NetworkPort OpenNetwork(DeviceConfiguration configuration)
    {
        return null;
    }

    /// <inheritdoc/>
    public override MqttTransport OpenTransport(DeviceConfiguration configuration)
    {
        return null;
    }
}
