using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices tag</c></summary>
internal static class DevicesTagVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> device = DevicesShowVerb.DeviceArgument();
        var tags = new Argument<string[]>("TAG") { Description = "Tags to give; with a - in front, tags to take.", Arity = ArgumentArity.OneOrMore };
        var command = new VerbCommand("tag", "Give a device tags, or take them.", "edgeml devices tag kitchen floor=1 beta", "edgeml devices tag kitchen -- -beta") { device, tags };
        return RelayVerb.Asking(command, terminal,
            (parse, relay, stop) =>
            {
                string[] all = parse.GetRequiredValue(tags);
                var change = new TagChange
                {
                    Add = [.. all.Where(tag => !tag.StartsWith('-'))],
                    Remove = [.. all.Where(tag => tag.StartsWith('-')).Select(tag => tag[1..])],
                };
                return relay.TagAsync(parse.GetRequiredValue(device), change, stop);
            },
            info => DeviceText.Print(terminal, info));
    }
}
