using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices list</c></summary>
internal static class DevicesListVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var query = new DeviceQueryOptions();
        var command = new VerbCommand("list", "List devices, with what they run.", "edgeml devices list", "edgeml devices list --tag floor=1 --running digits@1.0 --json");
        query.AddTo(command);
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => relay.DevicesAsync(query.Read(parse), stop), devices => DeviceText.PrintList(terminal, devices));
    }
}
