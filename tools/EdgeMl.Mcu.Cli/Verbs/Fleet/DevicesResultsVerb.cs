using System.CommandLine;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml devices results</c></summary>
internal static class DevicesResultsVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> device = DevicesShowVerb.DeviceArgument();
        var after = new Option<long>("--after") { Description = "Only results behind this number.", HelpName = "SEQ", DefaultValueFactory = _ => -1 };
        var limit = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new VerbCommand("results", "Show the inference results that a device has sent.", "edgeml devices results kitchen", "edgeml devices results kitchen --after 120 --json")
        {
            device, after, limit,
        };
        return RelayVerb.Asking(command, terminal,
            (parse, relay, stop) => relay.ResultsAsync(parse.GetRequiredValue(device), parse.GetValue(after), parse.GetValue(limit), stop),
            results =>
            {
                foreach (ResultInfo result in results)
                    terminal.Output.WriteLine($"{result.Seq,8}  {result.Label ?? "-",-16} {string.Join(' ', result.Outputs)}{(result.Sample is { } sample ? $"  (sample of {sample.Length} bytes)" : "")}");
                if (results.Length == 0)
                    terminal.Error.WriteLine("No result is there.");
            });
    }
}
