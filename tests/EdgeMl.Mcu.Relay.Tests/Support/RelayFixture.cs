using System.Net;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Testing.Brokers;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Relay.Tests.Support;

/// <summary>A relay over real HTTP and MQTT on the loopback interface, with a client and virtual devices. Everything ends with the test.</summary>
internal sealed class RelayFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Func<RelayOptions, RelayOptions> _configure;
    private readonly Dictionary<string, Enrollment> _enrollments = [];
    private RelayHost? _host;
    private RelayClient? _client;

    private RelayFixture(Func<RelayOptions, RelayOptions>? configure) => _configure = configure ?? (options => options);

    /// <summary>The relay, unless it is a process of its own.</summary>
    public RelayHost Host => _host!;

    /// <summary>The relay's process, if it is one.</summary>
    public RelayProcess? Process { get; private set; }

    public Uri Address => Process?.Address ?? Host.Address;

    public IPEndPoint BrokerEndPoint => Process?.BrokerEndPoint ?? Host.BrokerEndPoint!;

    public RelayClient Client => _client!;

    public string ApiKey { get; private set; } = string.Empty;

    public string Folder => _folder.Path;

    public VirtualFleet Fleet { get; } = new();

    /// <summary>Starts a relay whose publisher key is that of <see cref="TestModels"/>.</summary>
    public static async Task<RelayFixture> StartAsync(Func<RelayOptions, RelayOptions>? configure = null)
    {
        var fixture = new RelayFixture(configure);
        await fixture.StartHostAsync();
        fixture.ApiKey = fixture.Host.FirstApiKey!;
        fixture._client = fixture.ClientWith(fixture.ApiKey);
        return fixture;
    }

    /// <summary>Starts a relay as a process of its own, to be killed and started again.</summary>
    public static async Task<RelayFixture> StartProcessAsync()
    {
        var fixture = new RelayFixture(null);
        fixture.Process = new RelayProcess(fixture._folder.File("relay"));
        await fixture.Process.StartAsync();
        fixture.ApiKey = (await File.ReadAllTextAsync(Path.Combine(fixture._folder.File("relay"), "first-api-key"))).Trim();
        fixture._client = fixture.ClientWith(fixture.ApiKey);
        return fixture;
    }

    /// <summary>A client with another key, or none.</summary>
    public RelayClient ClientWith(string? apiKey) => new(Address, apiKey);

    /// <summary>Stops the relay, and starts it again on the same folder and ports.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await StartHostAsync();
    }

    /// <summary>Publishes a model.</summary>
    public Task<ArtifactInfo> PublishAsync(TestModel model) => Client.PublishAsync(model.Manifest, new MemoryStream(model.Stored));

    /// <summary>Publishes a model and rolls it out at once.</summary>
    public async Task<RolloutInfo> RollOutAsync(TestModel model, string device = "*")
    {
        ArtifactInfo artifact = await PublishAsync(model);
        RolloutInfo rollout = await Client.CreateRolloutAsync(new RolloutRequest { Artifact = artifact.Id, Target = new DeviceQuery { Names = [device] } });
        return await UntilAsync(rollout.Id, RolloutState.Completed);
    }

    /// <summary>Enrols devices and switches them on.</summary>
    public async Task<VirtualDevice[]> AddDevicesAsync(int count, DeviceFaults? faults = null, IReadOnlyList<string>? tags = null, string prefix = "d", Func<IPEndPoint>? broker = null, BrokerUser? user = null,
        Func<Sensor?>? sensor = null)
    {
        var devices = new VirtualDevice[count];
        for (int i = 0; i < count; i++)
        {
            Enrollment enrollment = await EnrollAsync($"{prefix}{i}", tags);
            devices[i] = Make(enrollment, i, faults ?? DeviceFaults.None, broker?.Invoke(), user, sensor);
            Fleet.Add(devices[i], TimeSpan.FromMilliseconds(i % 50));
        }
        return devices;
    }

    /// <summary>Enrols a device.</summary>
    public async Task<Enrollment> EnrollAsync(string device, IReadOnlyList<string>? tags = null)
    {
        TokenInfo token = await Client.CreateTokenAsync(new TokenRequest { Device = device, Tags = tags ?? [] });
        return _enrollments[device] = await Client.EnrollAsync(new EnrollRequest { Token = token.Token });
    }

    /// <summary>Takes a device's network away, or gives it back.</summary>
    public static void SetOffline(VirtualDevice device, bool isOffline)
    {
        device.Link.SetOffline(isOffline);
        device.Link.Woken?.Invoke();
    }

    /// <summary>Options of a client that logs in as a device.</summary>
    public MqttClientOptions LoginOf(string device, IPEndPoint? broker = null)
    {
        Enrollment enrollment = _enrollments[device];
        IPEndPoint endPoint = broker ?? BrokerEndPoint;
        return new MqttClientOptions
        {
            Host = endPoint.Address.ToString(),
            Port = endPoint.Port,
            ClientId = device,
            UserName = device,
            Password = DeviceKeys.Password(Convert.FromHexString(enrollment.DeviceKey)),
            Will = new MqttMessage(new DeviceTopics(enrollment.Fleet, device).Offline, ReadOnlyMemory<byte>.Empty, QualityOfService.AtLeastOnce),
            ReconnectDelay = new ReconnectDelay(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)),
        };
    }

    /// <summary>The value of a metric.</summary>
    public async Task<long> MetricAsync(string name) => long.Parse(
        (await Client.MetricsAsync()).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until all devices are connected.</summary>
    public Task UntilOnlineAsync(int count) => UntilAsync(async () => (await Client.InfoAsync()).Online == count, $"{count} devices are online");

    /// <summary>Waits until a rollout is in a state.</summary>
    public async Task<RolloutInfo> UntilAsync(long rollout, RolloutState state)
    {
        RolloutInfo info = await Client.RolloutAsync(rollout);
        await UntilAsync(async () => (info = await Client.RolloutAsync(rollout)).State == state, () => $"rollout {rollout} is {state}; it is {info.State}, {info.Counts}, {info.Reason}");
        return info;
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, () => what);

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        _client?.Dispose();
        Process?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(Patience.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"{what()}: not within {Patience.Limit.TotalSeconds} s");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private VirtualDevice Make(Enrollment enrollment, int seed, DeviceFaults faults, IPEndPoint? broker, BrokerUser? user, Func<Sensor?>? sensor)
    {
        var settings = new AgentSettings
        {
            Fleet = enrollment.Fleet,
            Device = enrollment.Device,
            DeviceKey = Convert.FromHexString(enrollment.DeviceKey),
            PublisherKey = Convert.FromHexString(enrollment.PublisherKey!),
            Board = "virtual",
            Firmware = "1",
            RetryFirstMilliseconds = 200,
            RetryLastMilliseconds = 5_000,
        };
        MqttClientOptions login = LoginOf(enrollment.Device, broker);
        if (user is not null)
            login = login with { UserName = user.Name, Password = user.Password };
        return new VirtualDevice(settings, new MqttDeviceLink(login), new VirtualDeviceOptions { Seed = seed + 1, Faults = faults, Sensor = sensor ?? (() => null) });
    }

    private async Task StartHostAsync()
    {
        IPEndPoint free = new(IPAddress.Loopback, 0);
        _host = await RelayHost.StartAsync(_configure(new RelayOptions
        {
            DataFolder = _folder.File("relay"),
            Fleet = "lab",
            HttpEndPoint = _host is null ? free : new IPEndPoint(IPAddress.Loopback, _host.Address.Port),
            BrokerEndPoint = _host?.BrokerEndPoint ?? free,
            PublisherKey = TestModels.PublicKey,
            LogLevel = LogLevel.Error,
            RetryDelay = TimeSpan.FromMilliseconds(200),
        }));
    }
}
