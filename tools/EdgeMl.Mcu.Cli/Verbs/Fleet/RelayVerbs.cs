using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml relay</c></summary>
internal static class RelayVerbs
{
    /// <summary>The group of verbs.</summary>
    public static Command Create(Terminal terminal) => new("relay", "Run the service of model updates, and manage its API keys.")
    {
        RelayServeVerb.Create(terminal),
        RelayInfoVerb.Create(terminal),
        RelayKeysVerbs.Create(terminal),
    };
}
