using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Relay.Client;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota status</c></summary>
internal static class OtaStatusVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<long?>("ROLLOUT") { Description = "Number of a rollout; without one all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var devices = new Option<bool>("--devices") { Description = "List the rollout's devices." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay and show progress until the rollout ends; exit code 4 where it did not complete." };
        var connection = new RelayConnection();
        var command = new VerbCommand("status", "Show rollouts, or one of them.", "edgeml ota status", "edgeml ota status 3 --watch", "edgeml ota status 3 --devices --json") { id, devices, watch };
        connection.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            using RelayClient relay = connection.Open(parse, terminal);
            bool json = parse.GetValue(command.Json);
            if (parse.GetValue(id) is not long number)
            {
                RolloutInfo[] rollouts = await relay.RolloutsAsync(terminal.Cancellation);
                Write(terminal, json, rollouts, () => RolloutText.PrintList(terminal, rollouts));
                return ExitCodes.Ok;
            }
            if (parse.GetValue(devices))
            {
                RolloutDevice[] members = await relay.RolloutDevicesAsync(number, terminal.Cancellation);
                Write(terminal, json, members, () => terminal.Draw(Members(members)));
                foreach (string hint in members.Select(member => AgentErrors.HintOf(member.Error)).OfType<string>().Distinct())
                    terminal.Error.WriteLine($"hint: {hint}");
                return ExitCodes.Ok;
            }
            return await RolloutWatch.ShowAsync(terminal, relay, await relay.RolloutAsync(number, terminal.Cancellation), parse.GetValue(watch), json);
        });
        return command;
    }

    private static void Write<T>(Terminal terminal, bool json, T answer, Action print)
    {
        if (json)
            JsonOutput.WriteRelay(terminal.Output, answer);
        else
            print();
    }

    private static Table Members(RolloutDevice[] members)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("device", "in the rollout", "on the device", "error");
        foreach (RolloutDevice member in members)
            table.AddRow(Markup.Escape(member.Device), $"{member.State}".ToLowerInvariant(), $"{member.DeviceState}".ToLowerInvariant(), Markup.Escape(member.ErrorName ?? ""));
        return table;
    }
}
