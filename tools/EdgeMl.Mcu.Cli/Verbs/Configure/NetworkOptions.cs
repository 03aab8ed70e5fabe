using System.CommandLine;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary>The options of a device's network.</summary>
internal sealed class NetworkOptions
{
    /// <summary>Holds the password of the Wi-Fi network.</summary>
    public const string PasswordVariable = "EDGEML_WIFI_PASSWORD";

    private readonly Option<string?> _broker = new("--broker") { Description = "The broker as the device sees it, mqtt://HOST[:PORT] or mqtts://…; without it what the relay says.", HelpName = "URL" };
    private readonly Option<string?> _authority = new("--ca") { Description = "Certificate (PEM or DER) of the authority that signed the broker's.", HelpName = "FILE" };
    private readonly Option<string?> _wifi = new("--wifi") { Description = "Name of the Wi-Fi network.", HelpName = "SSID" };

    private readonly Option<string?> _password = new("--wifi-password-file")
    {
        Description = $"File with the password of the network, - for standard input; else {PasswordVariable}, else it is asked for.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _open = new("--wifi-open") { Description = "The network has no password." };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _broker, _authority, _wifi, _password, _open })
            command.Options.Add(option);
    }

    /// <summary>Puts network and certificate into a configuration.</summary>
    public void Read(ParseResult parse, Terminal terminal, DeviceConfiguration configuration)
    {
        _ = Broker(parse);
        configuration.Certificate = parse.GetValue(_authority) is string path ? DataFile.ReadAllBytes(path) : null;
        configuration.WifiName = parse.GetValue(_wifi);
        if (configuration.WifiName is not null && !parse.GetValue(_open))
            configuration.WifiPassword = Password(parse.GetValue(_password), terminal);
    }

    /// <summary>The broker that is named, or null.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public MqttClientOptions? Broker(ParseResult parse)
    {
        if (parse.GetValue(_broker) is not string address)
            return null;
        try
        {
            return MqttClientOptions.From(new Uri(address));
        }
        catch (Exception e) when (e is ArgumentException or UriFormatException)
        {
            throw new UsageException($"'{address}' is no address of a broker.", "Such as mqtt://192.168.1.10:1883");
        }
    }

    private static string Password(string? file, Terminal terminal)
    {
        if (file == "-")
            return terminal.Input.ReadLine() ?? throw new UsageException("Standard input has no line with the password.");
        if (file is not null)
            return new StreamReader(new MemoryStream(DataFile.ReadAllBytes(file))).ReadLine() ?? "";
        if (Environment.GetEnvironmentVariable(PasswordVariable) is string variable)
            return variable;
        if (terminal.ReadHidden is null)
            throw new UsageException("The password of the network is missing, and nobody can be asked for it.", $"Give --wifi-password-file, {PasswordVariable} or --wifi-open.");
        terminal.Error.Write("Password of the network: ");
        return terminal.ReadHidden();
    }
}
