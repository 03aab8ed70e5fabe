using System.Globalization;
using System.Net;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>The embedded broker in a process of its own, as mosquitto is, with the runtime's usual compilation.</summary>
internal static class OwnBroker
{
    /// <summary>What the benchmark's program is started with to be the broker.</summary>
    public const string Argument = "mqtt-broker";

    /// <summary>Messages to a client without acknowledgement, for both brokers.</summary>
    public const int InflightMax = 1_000;

    /// <summary>Starts the broker's process.</summary>
    public static async Task<(ExternalProgram Program, IPEndPoint EndPoint)> StartAsync()
    {
        var usual = new Dictionary<string, string> { ["DOTNET_TieredCompilation"] = "1", ["DOTNET_TieredPGO"] = "1" };
        ExternalProgram program = ExternalProgram.Start("dotnet", usual, typeof(OwnBroker).Assembly.Location, Argument);
        string? port = await program.Output.ReadLineAsync();
        return (program, new IPEndPoint(IPAddress.Loopback, int.Parse(port!, CultureInfo.InvariantCulture)));
    }

    /// <summary>Is the broker until standard input ends.</summary>
    public static void Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        await using var broker = new MqttBroker(new BrokerOptions
        {
            Listeners = [new BrokerListener(new IPEndPoint(IPAddress.Loopback, 0))],
            Access = new Everybody(),
            Limits = new BrokerLimits { InflightMax = InflightMax },
        });
        await broker.StartAsync();
        Console.WriteLine(broker.EndPoints[0].Port);
        await Console.In.ReadToEndAsync();
    }

    private sealed class Everybody : IBrokerAccess
    {
        public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken) => new(ConnectReturnCode.Accepted);

        public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => true;

        public bool MaySubscribe(BrokerClient client, string filter) => true;
    }
}
