using System.CommandLine;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli;

/// <summary>The options by which a verb finds its relay.</summary>
/// <remarks>Option, environment (<c>EDGEML_RELAY</c>, <c>EDGEML_API_KEY</c>), <c>edgeml.json</c>, default.</remarks>
internal sealed class RelayConnection
{
    /// <summary>Address of a relay that runs on this machine with its defaults.</summary>
    public static readonly string DefaultAddress = $"http://127.0.0.1:{RelayOptions.DefaultHttpPort}";

    private readonly Option<string?> _relay = new("--relay") { Description = $"The relay's address (EDGEML_RELAY; default {DefaultAddress}).", HelpName = "URL" };
    private readonly Option<string?> _key = new("--api-key") { Description = "The API key. Better in EDGEML_API_KEY: a command line is seen by others.", HelpName = "KEY" };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_relay);
        command.Options.Add(_key);
    }

    /// <summary>A client of the relay that is meant.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public RelayClient Open(ParseResult parse, Terminal terminal)
    {
        string address = Configuration.Text(terminal, parse.GetValue(_relay), "EDGEML_RELAY", "relay") ?? DefaultAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
            throw new UsageException($"'{address}' is no address of a relay.", $"Such as {DefaultAddress}");
        return new RelayClient(uri, Configuration.Text(terminal, parse.GetValue(_key), "EDGEML_API_KEY", "api-key"));
    }
}
