using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices revoke</c></summary>
internal static class DevicesRevokeVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> device = DevicesShowVerb.DeviceArgument();
        var command = new VerbCommand("revoke", "Accept a device's key no longer, for good.", "edgeml devices revoke kitchen") { device };
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => relay.RevokeAsync(parse.GetRequiredValue(device), stop), info => DeviceText.Print(terminal, info));
    }
}
