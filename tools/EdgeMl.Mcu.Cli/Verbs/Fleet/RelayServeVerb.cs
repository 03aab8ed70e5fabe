using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeMl.Mcu.Relay;
using Microsoft.Extensions.Logging;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml relay serve</c></summary>
internal static class RelayServeVerb
{
    private const string PasswordVariable = "EDGEML_CERTIFICATE_PASSWORD";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var data = new Option<string>("--data") { Description = "Folder of the database and the models; made if need be.", HelpName = "DIR", DefaultValueFactory = _ => "edgeml-relay" };
        var fleet = new Option<string>("--fleet") { Description = "Name of the fleet, a level of all topics.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var listen = new Option<string>("--listen") { Description = "Where the HTTP API listens; loopback unless told otherwise.", HelpName = "HOST:PORT", DefaultValueFactory = _ => $"127.0.0.1:{RelayOptions.DefaultHttpPort}" };
        var brokerListen = new Option<string>("--broker-listen") { Description = "Where the embedded broker listens; loopback unless told otherwise.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:1883" };
        var broker = new Option<string?>("--broker") { Description = "An external broker instead of the embedded one.", HelpName = "mqtt[s]://USER:PASSWORD@HOST:PORT" };
        var publicBroker = new Option<string?>("--public-broker") { Description = "The broker's address as devices are told, where they see another one.", HelpName = "URL" };
        var certificate = new Option<string?>("--certificate") { Description = $"Certificate with its key (.pfx, password in {PasswordVariable}; or .pem): API and embedded broker then speak TLS.", HelpName = "FILE" };
        var jsonLogs = new Option<bool>("--json-logs") { Description = "Logs are lines of JSON." };
        var level = new Option<LogLevel>("--log-level") { Description = "What is logged, on standard error.", DefaultValueFactory = _ => LogLevel.Information };
        var command = new VerbCommand("serve", "Run a relay: registry, rollouts, devices, HTTP API, and the broker unless there is one. Ctrl-C ends it.",
            "edgeml relay serve",
            "edgeml relay serve --fleet plant7 --data /var/lib/edgeml --listen 0.0.0.0:7280 --broker-listen 0.0.0.0:8883 --certificate relay.pfx",
            "edgeml relay serve --broker mqtts://relay:secret@broker.example:8883")
        {
            data, fleet, listen, brokerListen, broker, publicBroker, certificate, jsonLogs, level,
        };
        command.SetAction(async (parse, _) =>
        {
            var options = new RelayOptions
            {
                DataFolder = parse.GetRequiredValue(data),
                Fleet = parse.GetRequiredValue(fleet),
                HttpEndPoint = EndPointOf(parse.GetRequiredValue(listen)),
                BrokerEndPoint = EndPointOf(parse.GetRequiredValue(brokerListen)),
                Broker = AddressOf(parse.GetValue(broker)),
                PublicBroker = AddressOf(parse.GetValue(publicBroker)),
                Certificate = parse.GetValue(certificate) is string path ? CertificateOf(path) : null,
                JsonLogs = parse.GetValue(jsonLogs),
                LogLevel = parse.GetValue(level),
            };
            await using RelayHost relay = await RelayHost.StartAsync(options, terminal.Cancellation);
            Tell(terminal, relay, parse.GetValue(command.Json));
            await relay.RunAsync(terminal.Cancellation);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Tell(Terminal terminal, RelayHost relay, bool json)
    {
        if (json)
        {
            Output.JsonOutput.Write(terminal.Output, new RelayServeDocument(relay.Address.ToString(), relay.Broker, relay.FirstApiKey));
        }
        else
        {
            terminal.Output.WriteLine($"API     {relay.Address}");
            terminal.Output.WriteLine($"broker  {relay.Broker}");
            if (relay.FirstApiKey is string key)
            {
                terminal.Output.WriteLine($"API key {key}");
                terminal.Error.WriteLine($"The key is shown this once; it is also in {relay.FirstApiKeyFile}, for you alone. Set EDGEML_API_KEY to it.");
            }
        }
        terminal.Output.Flush();
    }

    private static IPEndPoint EndPointOf(string text)
    {
        if (text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            text = string.Concat("127.0.0.1", text.AsSpan("localhost".Length));
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? endPoint) ? endPoint
            : throw new UsageException($"'{text}' is no address to listen at.", "Such as 127.0.0.1:7280, 0.0.0.0:7280 for all interfaces, or [::1]:7280.");
    }

    private static Uri? AddressOf(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "mqtt" or "mqtts" ? address
        : throw new UsageException("The broker's address is mqtt://HOST[:PORT] or mqtts://HOST[:PORT].", "With a login: mqtts://USER:PASSWORD@HOST:PORT");

    private static X509Certificate2 CertificateOf(string path)
    {
        try
        {
            return Path.GetExtension(path).Equals(".pem", StringComparison.OrdinalIgnoreCase)
                ? X509Certificate2.CreateFromPemFile(path)
                : X509CertificateLoader.LoadPkcs12FromFile(path, Environment.GetEnvironmentVariable(PasswordVariable));
        }
        catch (CryptographicException e)
        {
            throw new UsageException($"'{path}' is no certificate with its key: {e.Message}", $"The password of a .pfx file stands in {PasswordVariable}.");
        }
    }
}

/// <summary>What <c>relay serve --json</c> prints when it is ready.</summary>
/// <param name="Api">Address of the HTTP API.</param>
/// <param name="Broker">The broker's address as devices are told.</param>
/// <param name="ApiKey">The first API key of a new relay, otherwise null.</param>
internal sealed record RelayServeDocument(string Api, string Broker, string? ApiKey);
