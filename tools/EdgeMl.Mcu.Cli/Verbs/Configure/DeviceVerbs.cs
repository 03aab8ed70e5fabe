using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs.Configure;

/// <summary><c>edgeml device</c></summary>
internal static class DeviceVerbs
{
    /// <summary>The group of verbs.</summary>
    public static Command Create(Terminal terminal) => new("device", "Tell one board who it is, how it reaches its relay and what it looks at.")
    {
        DeviceConfigureVerb.Create(terminal),
        DeviceShowVerb.Create(terminal),
    };
}
