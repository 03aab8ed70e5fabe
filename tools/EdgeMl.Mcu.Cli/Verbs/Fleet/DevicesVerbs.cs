using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices</c></summary>
internal static class DevicesVerbs
{
    /// <summary>The group of verbs.</summary>
    public static Command Create(Terminal terminal) => new("devices", "Enrol, list and tag the devices of a fleet.")
    {
        DevicesEnrollVerb.Create(terminal),
        DevicesListVerb.Create(terminal),
        DevicesShowVerb.Create(terminal),
        DevicesTagVerb.Create(terminal),
        DevicesResultsVerb.Create(terminal),
        DevicesRevokeVerb.Create(terminal),
    };
}
