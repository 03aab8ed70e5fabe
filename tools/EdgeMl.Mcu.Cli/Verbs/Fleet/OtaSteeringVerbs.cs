using System.CommandLine;
using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota pause</c>, <c>resume</c>, <c>abort</c> and <c>rollback</c>: one order about a rollout each.</summary>
internal static class OtaSteeringVerbs
{
    /// <summary><c>edgeml ota pause</c></summary>
    public static Command Pause(Terminal terminal) =>
        Create(terminal, "pause", "Order no further devices until the rollout is resumed.", (relay, id, stop) => relay.PauseAsync(id, stop));

    /// <summary><c>edgeml ota resume</c></summary>
    public static Command Resume(Terminal terminal) =>
        Create(terminal, "resume", "Go on with a paused rollout.", (relay, id, stop) => relay.ResumeAsync(id, stop));

    /// <summary><c>edgeml ota abort</c></summary>
    public static Command Abort(Terminal terminal) =>
        Create(terminal, "abort", "End a rollout; devices that have the new model keep it.", (relay, id, stop) => relay.AbortAsync(id, stop));

    /// <summary><c>edgeml ota rollback</c></summary>
    public static Command Rollback(Terminal terminal) =>
        Create(terminal, "rollback", "Bring the updated devices back to what they ran before.", (relay, id, stop) => relay.RollbackAsync(id, stop));

    /// <summary>The argument that names a rollout.</summary>
    internal static Argument<long> RolloutArgument() => new("ROLLOUT") { Description = "Number of the rollout; 'edgeml ota status' lists them." };

    private static VerbCommand Create(Terminal terminal, string name, string description, Func<RelayClient, long, CancellationToken, Task<RolloutInfo>> order)
    {
        Argument<long> id = RolloutArgument();
        var command = new VerbCommand(name, description, $"edgeml ota {name} 3") { id };
        return RelayVerb.Asking(command, terminal, (parse, relay, stop) => order(relay, parse.GetRequiredValue(id), stop), rollout => RolloutText.Print(terminal, rollout));
    }
}
