using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary>Shows a rollout, now or until it ends.</summary>
internal static class RolloutWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>Prints a rollout; with <paramref name="untilEnd"/> once it has ended, and until then its progress on standard error.</summary>
    /// <returns>The exit code: <see cref="ExitCodes.Refused"/> where a rollout that was watched did not complete.</returns>
    public static async Task<int> ShowAsync(Terminal terminal, RelayClient relay, RolloutInfo rollout, bool untilEnd, bool json)
    {
        if (untilEnd)
            rollout = await FollowAsync(terminal, relay, rollout);
        if (json)
            JsonOutput.WriteRelay(terminal.Output, rollout);
        else
            RolloutText.Print(terminal, rollout);
        return !untilEnd || rollout.State == RolloutState.Completed ? ExitCodes.Ok : ExitCodes.Refused;
    }

    /// <summary>Whether nothing more happens in a rollout by itself.</summary>
    public static bool HasEnded(RolloutInfo rollout) => rollout.State is RolloutState.Completed or RolloutState.Aborted or RolloutState.RolledBack;

    /// <summary>Waits for the end of a rollout and shows its progress.</summary>
    public static async Task<RolloutInfo> FollowAsync(Terminal terminal, RelayClient relay, RolloutInfo rollout)
    {
        int drawn = 0;
        string last = "";
        while (!HasEnded(rollout))
        {
            string line = RolloutText.Line(rollout);
            if (terminal.ShowsProgress)
            {
                terminal.Error.Write('\r' + line.PadRight(drawn));
                drawn = Math.Max(drawn, line.Length);
            }
            else if (line != last)
            {
                terminal.Error.WriteLine(line);
            }
            last = line;
            await Task.Delay(Interval, terminal.Cancellation);
            rollout = await relay.RolloutAsync(rollout.Id, terminal.Cancellation);
        }
        if (drawn > 0)
            terminal.Error.Write('\r' + new string(' ', drawn) + '\r');
        return rollout;
    }
}
