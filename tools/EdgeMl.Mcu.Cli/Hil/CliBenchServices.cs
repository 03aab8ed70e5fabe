using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Devices.Boards;
using EdgeMl.Mcu.Bench.Hil;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Bench.Hil.Updates;
using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli.Hil;

/// <summary>What a bench needs of toolchain, meter and relay.</summary>
/// <param name="cancellation">Stops between samples.</param>
internal class CliBenchServices(CancellationToken cancellation) : BenchServices
{
    private const string ModelName = "model";

    private readonly BenchModels _models = new(cancellation);

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> RuntimeImages => DeviceMeasurement.RuntimeImages();

    /// <inheritdoc/>
    public override string ToolVersion => Verbs.VersionVerb.Text;

    /// <inheritdoc/>
    public override BenchBoard Board(string name)
    {
        Board board = BoardCatalog.Find(name);
        return new BenchBoard(board.Name, board.Firmware, board.NanosecondsPerIl, board.SpeedSource, board.HeapBytes);
    }

    /// <inheritdoc/>
    public override GoldenModel Model(ModelConfiguration model) => _models.Open(model);

    /// <inheritdoc/>
    public override LatencyPrediction Predict(byte[] file)
    {
        ExecutionReport execution = DeviceMeasurement.Of(file, ModelName).Execution;
        return new LatencyPrediction(execution.WeightedIl, [.. execution.Layers.Select(layer => new LayerPrediction(layer.Name, layer.Operator, layer.WeightedIl))]);
    }

    /// <inheritdoc/>
    public override VirtualMembership? ReadConfiguration(byte[] file, string board)
    {
        if (new ConfigurationReader().Read(file, file.Length, out DeviceConfiguration configuration) != DeviceError.None)
            return null;
        AgentSettings settings = configuration.AgentSettings(board, "virtual");
        var broker = new UriBuilder(configuration.UsesTls ? "mqtts" : "mqtt", configuration.BrokerHost, configuration.BrokerPort);
        return new VirtualMembership(settings, MqttDeviceLink.LoginOf(settings, MqttClientOptions.From(broker.Uri)));
    }

    /// <inheritdoc/>
    public override async Task<BenchRelay> StartRelayAsync(BrokerConfiguration broker, CancellationToken cancellationToken) => await HostedBenchRelay.StartAsync(broker, cancellationToken);

    /// <inheritdoc/>
    public override DeviceFile Configure(DeviceIdentity identity, BoardConfiguration board)
    {
        MqttClientOptions broker = MqttClientOptions.From(identity.Broker);
        var configuration = new DeviceConfiguration
        {
            Fleet = identity.Fleet,
            Device = identity.Device,
            DeviceKey = identity.DeviceKey,
            PublisherKey = identity.PublisherKey,
            BrokerHost = broker.Host,
            BrokerPort = broker.Port,
            UsesTls = broker.Tls is not null,
            WifiName = board.Wifi?.Ssid,
            WifiPassword = Password(board.Wifi),
            Link = board.LinkUart is { } uart ? LinkOf(uart, board.LinkBaudRate) : null,
        };
        return new DeviceFile(DeviceConfiguration.FileName, DeviceConfigurationFile.Of(configuration));
    }

    /// <inheritdoc/>
    public override (string Code, string? Hint)? Explain(Exception exception) => ErrorSource.Of(exception) is { } error ? (error.Code, error.Hint) : null;

    private static LinkSettings LinkOf(LinkUartConfiguration uart, int baudRate)
    {
        var link = new LinkSettings { Port = uart.Port, BaudRate = baudRate };
        link.TransmitPin = uart.TransmitPin ?? link.TransmitPin;
        link.ReceivePin = uart.ReceivePin ?? link.ReceivePin;
        return link;
    }

    private static string Password(WifiConfiguration? wifi)
    {
        if (wifi is null || wifi.PasswordVariable.Length == 0)
            return "";
        return Environment.GetEnvironmentVariable(wifi.PasswordVariable)
            ?? throw new BenchException(BenchErrorCodes.BenchFile, $"The password of the Wi-Fi network '{wifi.Ssid}' is missing: the bench says that the environment variable {wifi.PasswordVariable} holds it.", $"Set {wifi.PasswordVariable}, or name another variable as passwordVariable; \"\" is an open network.");
    }
}
