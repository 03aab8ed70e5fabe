using System.Net;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Updates;
using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Cli.Verbs.Fleet;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Cli.Hil;

/// <summary>A relay in this process, with a publisher key and a data folder that end with it.</summary>
internal sealed class HostedBenchRelay : BenchRelay
{
    private readonly string _folder;
    private readonly PublisherKey _publisher;
    private readonly RelayHost _relay;
    private readonly RelayClient _client;

    private HostedBenchRelay(string folder, PublisherKey publisher, RelayHost relay)
    {
        _folder = folder;
        _publisher = publisher;
        _relay = relay;
        _client = new RelayClient(relay.Address, relay.FirstApiKey);
    }

    /// <summary>Starts a relay.</summary>
    public static async Task<HostedBenchRelay> StartAsync(BrokerConfiguration broker, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("edgeml-bench-").FullName;
        try
        {
            PublisherKey publisher = PublisherKey.Create(new KeyPaths(Path.Combine(folder, "publisher.key"), Path.Combine(folder, "machine")), KeyFileOptions.Files);
            RelayHost relay = await RelayHost.StartAsync(
                new RelayOptions
                {
                    DataFolder = Path.Combine(folder, "relay"),
                    Fleet = "bench",
                    HttpEndPoint = new(IPAddress.Loopback, 0),
                    BrokerEndPoint = IPEndPoint.Parse(broker.Listen),
                    Broker = broker.Url is { } url ? new Uri(url) : null,
                    PublicBroker = broker.Address is { } address ? new Uri(address) : null,
                    PublisherKey = publisher.PublicKey,
                    LogLevel = LogLevel.Error,
                },
                cancellationToken);
            return new HostedBenchRelay(folder, publisher, relay);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<DeviceIdentity> EnrolAsync(string device, CancellationToken cancellationToken)
    {
        TokenInfo token = await _client.CreateTokenAsync(new TokenRequest { Device = device }, cancellationToken);
        Enrollment enrollment = await _client.EnrollAsync(new EnrollRequest { Token = token.Token, Device = device }, cancellationToken);
        return new DeviceIdentity(enrollment.Fleet, enrollment.Device, Convert.FromHexString(enrollment.DeviceKey), _publisher.PublicKey, new Uri(enrollment.Broker));
    }

    /// <inheritdoc/>
    public override async Task<bool> IsOnlineAsync(string device, CancellationToken cancellationToken) => (await _client.DeviceAsync(device, cancellationToken)).IsOnline;

    /// <inheritdoc/>
    public override async Task<long> OrderAsync(string device, GoldenModel model, string version, CancellationToken cancellationToken)
    {
        byte[] manifest = _publisher.Sign(ManifestContent.Of(model.File, model.Name, version));
        using var content = new MemoryStream(model.File);
        ArtifactInfo artifact = await _client.PublishAsync(manifest, content, cancellationToken: cancellationToken);
        RolloutInfo rollout = await _client.CreateRolloutAsync(
            new RolloutRequest { Artifact = artifact.Id, Target = new DeviceQuery { Names = [device] }, Gates = new RolloutGates { OnFailure = FailureAction.Abort } }, cancellationToken);
        return rollout.Id;
    }

    /// <inheritdoc/>
    public override async Task<OrderState> StateAsync(long order, CancellationToken cancellationToken)
    {
        RolloutInfo rollout = await _client.RolloutAsync(order, cancellationToken);
        RolloutDevice device = (await _client.RolloutDevicesAsync(order, cancellationToken))[0];
        string error = device.Error == 0 ? "" : $", error {device.Error} ({device.ErrorName})";
        return new OrderState(
            RolloutWatch.HasEnded(rollout), device.State == MemberState.Succeeded,
            $"rollout {RolloutText.State(rollout.State)}, device {device.DeviceState.ToString().ToLowerInvariant()} with {device.ProgressChunks} chunks{error}");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _relay.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
