using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml relay info</c></summary>
internal static class RelayInfoVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("info", "Ask a relay which fleet it serves.", "edgeml relay info", "edgeml relay info --relay https://relay.example:7280 --json");
        return RelayVerb.Asking(command, terminal, (_, relay, stop) => relay.InfoAsync(stop), info =>
        {
            terminal.Output.WriteLine($"fleet '{info.Fleet}': {info.Devices} devices, {info.Online} online");
            terminal.Output.WriteLine($"broker  {info.Broker}");
            terminal.Output.WriteLine($"relay   version {info.Version}, {(info.KeyGeneration is int generation ? $"publisher key of generation {generation}" : "no publisher key yet")}");
        });
    }
}
