using System.CommandLine;
using System.Text.Json;
using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary>The options that say who the device is: an identity that was kept, or a token that gives a new one.</summary>
internal sealed class IdentityOptions
{
    private readonly Option<string?> _enroll = new("--enroll") { Description = "Enrol at the relay with this token ('edgeml devices enroll').", HelpName = "TOKEN" };
    private readonly Option<string?> _name = new("--name") { Description = "Name that the device wants, where the token names none.", HelpName = "DEVICE" };
    private readonly Option<string> _identity = new("--identity") { Description = "The device's identity and key (JSON). Read, or with --enroll written: the relay shows the key only once.", HelpName = "FILE", Required = true };
    private readonly RelayConnection _relay = new();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_enroll);
        command.Options.Add(_name);
        command.Options.Add(_identity);
        _relay.AddTo(command);
    }

    /// <summary>The identity that is meant. One that is new is in its file, for its owner only, before this returns.</summary>
    public async Task<Enrollment> ReadAsync(ParseResult parse, Terminal terminal)
    {
        string path = Path.GetFullPath(parse.GetRequiredValue(_identity));
        if (parse.GetValue(_enroll) is not string token)
            return Parse(DataFile.ReadAllBytes(path), path);
        SecretFile.RequireNew(path, KeyFileOptions.Files);
        using RelayClient relay = _relay.Open(parse, terminal);
        Enrollment enrollment = await relay.EnrollAsync(new EnrollRequest { Token = token, Device = parse.GetValue(_name) }, terminal.Cancellation);
        KeyFileOptions.Files.Replace(path, JsonSerializer.SerializeToUtf8Bytes(enrollment, RelayJson.Options));
        return enrollment;
    }

    /// <summary>Puts an identity into a configuration.</summary>
    /// <param name="enrollment">The identity.</param>
    /// <param name="configuration">Takes it.</param>
    /// <param name="broker">The broker's address as the device sees it; null for the identity's.</param>
    public static void Apply(Enrollment enrollment, DeviceConfiguration configuration, MqttClientOptions? broker)
    {
        MqttClientOptions address = broker ?? MqttClientOptions.From(new Uri(enrollment.Broker));
        configuration.Fleet = enrollment.Fleet;
        configuration.Device = enrollment.Device;
        configuration.DeviceKey = Convert.FromHexString(enrollment.DeviceKey);
        configuration.PublisherKey = enrollment.PublisherKey is null ? null : Convert.FromHexString(enrollment.PublisherKey);
        configuration.BrokerHost = address.Host;
        configuration.BrokerPort = address.Port;
        configuration.UsesTls = address.Tls is not null;
    }

    private static Enrollment Parse(byte[] content, string path)
    {
        try
        {
            Enrollment? enrollment = JsonSerializer.Deserialize<Enrollment>(content, RelayJson.Options);
            if (enrollment is not null)
            {
                Apply(enrollment, new DeviceConfiguration(), null);
                return enrollment;
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or UriFormatException)
        {
            throw new BenchException(BenchErrorCodes.Identity, $"'{path}' is no identity of a device: {e.Message}", "'edgeml device configure --enroll TOKEN --identity FILE' writes one.", e);
        }
        throw new BenchException(BenchErrorCodes.Identity, $"'{path}' is no identity of a device.", "'edgeml device configure --enroll TOKEN --identity FILE' writes one.");
    }
}
