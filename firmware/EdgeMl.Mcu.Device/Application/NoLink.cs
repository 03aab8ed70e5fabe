using EdgeMl.Mcu.Agent.Ports;

namespace EdgeMl.Mcu.Device.Application;

/// <summary>The link of a board without a network: there is never a connection.</summary>
public sealed class NoLink : DeviceLink
{
    /// <inheritdoc/>
    public override int Connection => 0;

    /// <inheritdoc/>
    public override void Connect()
    {
    }

    /// <inheritdoc/>
    public override bool Publish(string topic, byte[] buffer, int offset, int count, int quality)
    {
        return false;
    }

    /// <inheritdoc/>
    public override bool Subscribe(string filter, int quality)
    {
        return false;
    }

    /// <inheritdoc/>
    public override bool Unsubscribe(string filter)
    {
        return false;
    }
}
