using System.Globalization;
using EdgeMl.Mcu.Relay.Client;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output.Fleet;

/// <summary>Prints rollouts.</summary>
internal static class RolloutText
{
    /// <summary>Prints a list.</summary>
    public static void PrintList(Terminal terminal, IReadOnlyList<RolloutInfo> rollouts)
    {
        if (rollouts.Count == 0)
        {
            terminal.Error.WriteLine("There is no rollout yet. 'edgeml ota rollout NAME@VERSION' makes one.");
            return;
        }
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns("rollout", "model", "state", "stage");
        foreach (string title in new[] { "devices", "done", "failed", "rolled back" })
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (RolloutInfo rollout in rollouts)
        {
            RolloutCounts counts = rollout.Counts;
            table.AddRow(
                $"{rollout.Id}", Markup.Escape($"{rollout.Name}@{rollout.Version}"), State(rollout.State), $"{rollout.Stage + 1} of {rollout.Stages.Count}",
                $"{counts.Total}", $"{counts.Succeeded}", $"{counts.Failed}", $"{counts.RolledBack}");
        }
        terminal.Draw(table);
    }

    /// <summary>Prints one rollout.</summary>
    public static void Print(Terminal terminal, RolloutInfo rollout)
    {
        RolloutCounts counts = rollout.Counts;
        terminal.Output.WriteLine($"rollout {rollout.Id}: {rollout.Name}@{rollout.Version}, {State(rollout.State)}{(rollout.Reason.Length > 0 ? $": {rollout.Reason}" : "")}");
        terminal.Output.WriteLine($"stage    {rollout.Stage + 1} of {rollout.Stages.Count} ({string.Join(", ", rollout.Stages.Select(Stage))}): {counts.InStage} of {counts.Total} devices");
        terminal.Output.WriteLine($"devices  {Counts(counts)}");
        terminal.Output.WriteLine($"gates    on from {rollout.Gates.SuccessPercent:0.#} % success after {rollout.Gates.SoakSeconds:0.#} s; "
            + $"{rollout.Gates.OnFailure.ToString().ToLowerInvariant()} above {rollout.Gates.FailurePercent:0.#} % failure, from {rollout.Gates.FailureMinimum} on");
    }

    /// <summary>One line on where a rollout stands.</summary>
    public static string Line(RolloutInfo rollout) =>
        $"rollout {rollout.Id}: {State(rollout.State)}, stage {rollout.Stage + 1} of {rollout.Stages.Count}, {Counts(rollout.Counts)}";

    /// <summary>Where a rollout stands, in words.</summary>
    public static string State(RolloutState state) => state switch
    {
        RolloutState.RollingBack => "rolling back",
        RolloutState.RolledBack => "rolled back",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>Prints what happened in a rollout.</summary>
    public static void PrintHistory(Terminal terminal, IReadOnlyList<AuditEntry> entries)
    {
        foreach (AuditEntry entry in entries)
        {
            string time = entry.Time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            terminal.Output.WriteLine($"{time}  {entry.Actor,-12} {entry.Action,-20} {entry.Subject}  {entry.Detail}".TrimEnd());
        }
    }

    private static string Counts(RolloutCounts counts)
    {
        (int Count, string Name)[] parts =
        [
            (counts.Succeeded, "done"), (counts.Ordered, "under way"), (counts.Waiting, "waiting"), (counts.Failed, "failed"), (counts.RollingBack, "rolling back"),
            (counts.RolledBack, "rolled back"), (counts.RollbackFailed, "could not roll back"), (counts.Superseded, "taken over"), (counts.Cancelled, "cancelled"),
        ];
        return string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Name}"));
    }

    private static string Stage(RolloutStage stage) => stage.Count is int count ? $"{count}" : string.Create(CultureInfo.InvariantCulture, $"{stage.Percent:0.#} %");
}
