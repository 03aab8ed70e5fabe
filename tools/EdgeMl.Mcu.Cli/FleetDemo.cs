using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Cli.Verbs.Fleet;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Toolchain.Boards;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Cli;

/// <summary>The demo's second half: a relay, a broker and virtual devices in this process, a first model, a staged update, and a bad model that comes back by itself.</summary>
internal sealed class FleetDemo
{
    /// <summary>Number of devices.</summary>
    public const int Devices = 20;

    private const string ModelName = "digits";

    // As many as the first stage of the bad model has, so that the demo ends the same however its devices race.
    private const int FailuresMin = 2;

    private readonly Terminal _terminal;
    private readonly Action<string> _tell;
    private readonly List<FleetDemoRollout> _rollouts = [];

    private FleetDemo(Terminal terminal, Action<string> tell)
    {
        _terminal = terminal;
        _tell = tell;
    }

    /// <summary>Runs it.</summary>
    /// <param name="terminal">Where progress goes.</param>
    /// <param name="first">The model that the devices get first.</param>
    /// <param name="second">The update.</param>
    /// <param name="tell">Told of each step.</param>
    public static async Task<FleetDemoReport> RunAsync(Terminal terminal, byte[] first, byte[] second, Action<string> tell)
    {
        string folder = Directory.CreateTempSubdirectory("edgeml-demo-").FullName;
        try
        {
            return await new FleetDemo(terminal, tell).RunAsync(folder, first, second);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<FleetDemoReport> RunAsync(string folder, byte[] first, byte[] second)
    {
        PublisherKey publisher = PublisherKey.Create(new KeyPaths(Path.Combine(folder, "publisher.key"), Path.Combine(folder, "machine")), KeyFileOptions.Files);
        await using RelayHost relay = await RelayHost.StartAsync(
            new RelayOptions
            {
                DataFolder = Path.Combine(folder, "relay"),
                HttpEndPoint = new(System.Net.IPAddress.Loopback, 0),
                BrokerEndPoint = new(System.Net.IPAddress.Loopback, 0),
                PublisherKey = publisher.PublicKey,
                LogLevel = LogLevel.Error,
            },
            _terminal.Cancellation);
        using var client = new RelayClient(relay.Address, relay.FirstApiKey);
        _tell($"relay and broker run on {relay.Address.Authority} and {relay.Broker["mqtt://".Length..]}");
        var options = new SimulationOptions { Board = BoardCatalog.Find("ESP32"), Prefix = "device-", StartMilliseconds = 200, RetryMilliseconds = 200 };
        await using SimulatedFleet fleet = await SimulatedFleet.StartAsync(client, Devices, options, null, _terminal.Cancellation);
        _tell($"{Devices} virtual devices are enrolled and connected");

        await RollOutAsync(client, publisher, "1.0", first, [new RolloutStage { Percent = 100 }]);
        await RollOutAsync(client, publisher, "1.1", second, StageList.Parse("10%,50%,100%"));
        await RollOutAsync(client, publisher, "1.2-bad", WithWrongSelfTest(second), StageList.Parse("10%,50%,100%"));
        DeviceInfo[] devices = await client.DevicesAsync(cancellationToken: _terminal.Cancellation);
        return new FleetDemoReport(Devices, _rollouts, [.. devices.GroupBy(device => $"{device.RunningName}@{device.RunningVersion}").Select(group => new FleetDemoVersion(group.Key, group.Count()))]);
    }

    private async Task RollOutAsync(RelayClient client, PublisherKey publisher, string version, byte[] model, IReadOnlyList<RolloutStage> stages)
    {
        byte[] manifest = publisher.Sign(ManifestContent.Of(model, ModelName, version));
        using var content = new MemoryStream(model);
        ArtifactInfo artifact = await client.PublishAsync(manifest, content, cancellationToken: _terminal.Cancellation);
        RolloutInfo rollout = await client.CreateRolloutAsync(new RolloutRequest { Artifact = artifact.Id, Stages = stages, Gates = new RolloutGates { FailureMinimum = FailuresMin }, Retries = 0 }, _terminal.Cancellation);
        rollout = await RolloutWatch.FollowAsync(_terminal, client, rollout);
        RolloutCounts counts = rollout.Counts;
        RolloutDevice[] members = await client.RolloutDevicesAsync(rollout.Id, _terminal.Cancellation);
        string? error = members.FirstOrDefault(member => member.ErrorName is not null)?.ErrorName;
        _rollouts.Add(new FleetDemoRollout(ModelName, version, model.Length, stages.Count, rollout.State, counts.Succeeded, counts.Failed, counts.Total - counts.Succeeded - counts.Failed, error));
        _tell($"{ModelName}@{version}: {RolloutText.State(rollout.State)}{(rollout.Reason.Length > 0 ? $" ({rollout.Reason})" : "")}");
    }

    // A model that loads, but whose recorded outputs are others than it gives: what a broken build on this board would look like.
    private static byte[] WithWrongSelfTest(byte[] model)
    {
        byte[] bad = [.. model];
        int selfTest = BitConverter.ToInt32(bad, ModelFormat.Header.SelfTestOffset);
        bad[selfTest + ModelFormat.SelfTestRecord.OutputsOffset] ^= 0x40;
        BitConverter.TryWriteBytes(bad.AsSpan(bad.Length - sizeof(uint)), Crc32.Compute(bad, 0, bad.Length - sizeof(uint)));
        return bad;
    }
}

/// <summary>What the demo's fleet went through.</summary>
/// <param name="Devices">Number of devices.</param>
/// <param name="Rollouts">The rollouts in order.</param>
/// <param name="Running">What the devices run at the end.</param>
internal sealed record FleetDemoReport(int Devices, IReadOnlyList<FleetDemoRollout> Rollouts, IReadOnlyList<FleetDemoVersion> Running);

/// <summary>A rollout of the demo.</summary>
internal sealed record FleetDemoRollout(string Model, string Version, int Bytes, int Stages, RolloutState State, int Succeeded, int Failed, int Untouched, string? Error);

/// <summary>Devices that run a version.</summary>
internal sealed record FleetDemoVersion(string Version, int Devices);
