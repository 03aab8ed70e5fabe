using System.CommandLine;
using System.Globalization;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices enroll</c></summary>
internal static class DevicesEnrollVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var device = new Argument<string?>("DEVICE") { Description = "The name that the device gets; without one it chooses.", Arity = ArgumentArity.ZeroOrOne };
        var tag = new Option<string[]>("--tag") { Description = "A tag that the device gets. May be repeated.", HelpName = "TAG" };
        var lifetime = new Option<double>("--lifetime") { Description = "Minutes until the token expires.", HelpName = "MINUTES", DefaultValueFactory = _ => 60 };
        var command = new VerbCommand("enroll", "Make a token with which one device enrols, once.",
            "edgeml devices enroll kitchen --tag floor=1",
            "edgeml devices enroll --lifetime 5 --json")
        {
            device, tag, lifetime,
        };
        return RelayVerb.Asking(command, terminal,
            (parse, relay, stop) => relay.CreateTokenAsync(
                new TokenRequest { Device = parse.GetValue(device), Tags = parse.GetValue(tag) ?? [], LifetimeSeconds = (long)Math.Ceiling(parse.GetValue(lifetime) * 60) }, stop),
            token =>
            {
                terminal.Output.WriteLine(token.Token);
                terminal.Error.WriteLine($"For {token.Device ?? "any device"}, once, until {token.ExpiresAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}. It is not shown again.");
            });
    }
}
