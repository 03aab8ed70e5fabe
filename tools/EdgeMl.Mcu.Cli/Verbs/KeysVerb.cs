using System.CommandLine;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml keys</c></summary>
internal static class KeysVerb
{
    /// <summary>The verb with its own verbs.</summary>
    public static Command Create(Terminal terminal) => new("keys", "Make, show and rotate signing keys; check signatures.")
    {
        KeysNewVerb.Create(terminal),
        KeysShowVerb.Create(terminal),
        KeysRotateVerb.Create(terminal),
        KeysVerifyVerb.Create(terminal),
    };
}
