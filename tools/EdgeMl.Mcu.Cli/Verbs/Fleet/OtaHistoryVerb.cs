using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota history</c></summary>
internal static class OtaHistoryVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<long> id = OtaSteeringVerbs.RolloutArgument();
        var command = new VerbCommand("history", "Show what happened in a rollout, oldest first.", "edgeml ota history 3") { id };
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => relay.RolloutHistoryAsync(parse.GetRequiredValue(id), stop), entries => RolloutText.PrintHistory(terminal, entries));
    }
}
