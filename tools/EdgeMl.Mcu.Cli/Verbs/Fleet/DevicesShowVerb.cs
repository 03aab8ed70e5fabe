using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices show</c></summary>
internal static class DevicesShowVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> device = DeviceArgument();
        var command = new VerbCommand("show", "Show what is known of a device.", "edgeml devices show kitchen") { device };
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => relay.DeviceAsync(parse.GetRequiredValue(device), stop), info => DeviceText.Print(terminal, info));
    }

    /// <summary>The argument that names a device.</summary>
    internal static Argument<string> DeviceArgument() => new("DEVICE") { Description = "The device's name." };
}
