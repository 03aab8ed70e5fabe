using System.Globalization;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Boards;

namespace EdgeMl.Mcu.Cli;

/// <summary>Virtual devices that are enrolled at a relay and run in this process.</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private const int EnrolAtOnce = 16;

    private readonly VirtualFleet _fleet = new();

    private SimulatedFleet()
    {
    }

    /// <summary>The devices.</summary>
    public IReadOnlyList<VirtualDevice> Devices => _fleet.Devices;

    /// <summary>Enrols devices and switches them on.</summary>
    /// <param name="relay">A relay, with an operator's key.</param>
    /// <param name="count">Number of devices.</param>
    /// <param name="options">What they are.</param>
    /// <param name="enrolled">Told of each device.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<SimulatedFleet> StartAsync(RelayClient relay, int count, SimulationOptions options, Action? enrolled, CancellationToken stop)
    {
        var fleet = new SimulatedFleet();
        try
        {
            int digits = Math.Max(2, (count - 1).ToString(CultureInfo.InvariantCulture).Length);
            await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = EnrolAtOnce, CancellationToken = stop }, async (index, token) =>
            {
                string name = options.Prefix + index.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
                TokenInfo enrolment = await relay.CreateTokenAsync(new TokenRequest { Device = name, Tags = options.Tags }, token);
                Enrollment identity = await relay.EnrollAsync(new EnrollRequest { Token = enrolment.Token, Device = name }, token);
                fleet._fleet.Add(Create(identity, index, options), TimeSpan.FromMilliseconds(options.StartMilliseconds * index / (double)count));
                enrolled?.Invoke();
            });
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    private static VirtualDevice Create(Enrollment identity, int index, SimulationOptions options)
    {
        byte[] key = Convert.FromHexString(identity.DeviceKey);
        var settings = new AgentSettings
        {
            Fleet = identity.Fleet,
            Device = identity.Device,
            DeviceKey = key,
            PublisherKey = Convert.FromHexString(identity.PublisherKey ?? throw new UsageException("The fleet has no publisher key yet, without which a device accepts nothing.", "edgeml ota trust publisher.pub")),
            Board = options.Board.Name,
            Firmware = $"edgeml sim {Verbs.VersionVerb.Text}",
            RetryFirstMilliseconds = options.RetryMilliseconds,
        };
        MqttClientOptions broker = MqttDeviceLink.LoginOf(settings, MqttClientOptions.From(new Uri(identity.Broker)));
        return new VirtualDevice(settings, new MqttDeviceLink(broker), new VirtualDeviceOptions
        {
            Faults = options.Faults,
            CanLosePower = options.Faults.OperationsPerPowerCut > 0,
            Seed = index + 1,
            Sensor = () => options.SampleMilliseconds > 0 ? new NoiseSensor(index, options.SampleMilliseconds) : null,
        });
    }
}

/// <summary>What simulated devices are.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Names begin with it.</summary>
    public string Prefix { get; init; } = "sim-";

    /// <summary>Tags that they are enrolled with.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The board that they say they are.</summary>
    public required Board Board { get; init; }

    /// <summary>What goes wrong.</summary>
    public DeviceFaults Faults { get; init; } = DeviceFaults.None;

    /// <summary>Milliseconds over which they are switched on.</summary>
    public int StartMilliseconds { get; init; } = 1000;

    /// <summary>Milliseconds from one inference to the next; 0 for none.</summary>
    public int SampleMilliseconds { get; init; }

    /// <summary>First wait before something is repeated, in milliseconds.</summary>
    public int RetryMilliseconds { get; init; } = 500;
}
