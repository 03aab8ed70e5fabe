using EdgeMl.Mcu.Bench.Hil.Models;

namespace EdgeMl.Mcu.Bench.Hil.Updates;

/// <summary>The relay of a bench.</summary>
public abstract class BenchRelay : IAsyncDisposable
{
    /// <summary>Makes a device a member of the fleet.</summary>
    /// <param name="device">Device id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<DeviceIdentity> EnrolAsync(string device, CancellationToken cancellationToken);

    /// <summary>Whether a device is connected.</summary>
    public abstract Task<bool> IsOnlineAsync(string device, CancellationToken cancellationToken);

    /// <summary>Signs a model, publishes it, and orders a device to run it.</summary>
    /// <param name="device">Device id.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">A version that was not published before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Number of the order.</returns>
    public abstract Task<long> OrderAsync(string device, GoldenModel model, string version, CancellationToken cancellationToken);

    /// <summary>Where an order stands.</summary>
    /// <param name="order">Its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<OrderState> StateAsync(long order, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>What a relay gives a new device.</summary>
/// <param name="Fleet">Name of the fleet.</param>
/// <param name="Device">Device id.</param>
/// <param name="DeviceKey">Device key, 32 bytes.</param>
/// <param name="PublisherKey">Publisher's public key.</param>
/// <param name="Broker">The broker as devices see it, <c>mqtt://HOST:PORT</c> or <c>mqtts://HOST:PORT</c>.</param>
public sealed record DeviceIdentity(string Fleet, string Device, byte[] DeviceKey, byte[] PublisherKey, Uri Broker);

/// <summary>Where an order stands.</summary>
/// <param name="HasEnded">Whether nothing more happens.</param>
/// <param name="Succeeded">Whether the device runs the model for good.</param>
/// <param name="Description">What the device does, or why it failed, with its error.</param>
public sealed record OrderState(bool HasEnded, bool Succeeded, string Description);
