using EdgeMl.Mcu.Toolchain.Boards;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints how a model fits a board.</summary>
internal static class PlanText
{
    private const int BarWidth = 30;

    /// <summary>Prints a plan.</summary>
    public static void Print(Terminal terminal, BoardPlan plan, Board board)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"{plan.Model} on {board.Name} ({board.Chip}, {board.ClockHz / 1e6:F0} MHz)");
        output.WriteLine();
        foreach (PlanRegion region in plan.Regions)
        {
            output.WriteLine($"{Title(region.Name),-14} {region.UsedBytes,10:N0} of {region.LimitBytes,10:N0} bytes {100.0 * region.UsedBytes / Math.Max(region.LimitBytes, 1),6:F1} %  {Bar(region)}{(region.UsedBytes > region.LimitBytes ? "  does not fit" : "")}");
            foreach (RegionPart part in region.Parts)
                output.WriteLine($"  {part.Bytes,22:N0}  {part.Name}");
        }
        output.WriteLine("  Your application comes on top.");
        output.WriteLine();
        output.WriteLine(RuntimeAssembliesText.Line(plan.RuntimeAssemblies));
        output.WriteLine();
        terminal.Draw(Layers(plan));
        output.WriteLine();
        output.WriteLine($"latency  {Milliseconds(plan.LatencyMs)} ms: {plan.IlPerInference:N0} IL, the time of {plan.WeightedIl:N0} plain instructions at {board.NanosecondsPerIl:N0} ns");
        output.WriteLine($"         speed: {board.SpeedSource}");
        output.WriteLine($"         heap: {board.HeapSource}");
        output.WriteLine(plan.Fits ? "fits" : "does not fit");
        foreach (string advice in plan.Advice)
            output.WriteLine($"- {advice}");
    }

    /// <summary>Prints the boards.</summary>
    public static void PrintBoards(Terminal terminal, IReadOnlyList<Board> boards)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("board", "chip");
        foreach (string title in new[] { "MHz", "flash", "heap", "ns/IL" })
            table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumns("speed", "also known as");
        foreach (Board board in boards)
        {
            table.AddRow(board.Name, Markup.Escape(board.Chip), $"{board.ClockHz / 1e6:F0}", $"{board.FlashBytes:N0}", $"{board.HeapBytes:N0}", $"{board.NanosecondsPerIl:N0}",
                board.SpeedSource.Split(':', ' ')[0], Markup.Escape(string.Join(", ", board.Aliases)));
        }
        terminal.Draw(table);
    }

    private static Table Layers(BoardPlan plan)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("#").RightAligned()).AddColumns("device layer", "kernel");
        foreach (string title in new[] { "MACs", "IL", "ms", "share" })
            table.AddColumn(new TableColumn(title).RightAligned());
        for (int i = 0; i < plan.Layers.Count; i++)
        {
            PlannedLayer layer = plan.Layers[i];
            table.AddRow($"{i}", Markup.Escape(InspectionText.Short(layer.Name)), layer.Operator, layer.Macs == 0 ? "-" : $"{layer.Macs:N0}", $"{layer.Il:N0}",
                Milliseconds(layer.LatencyMs), $"{100 * layer.LatencyMs / plan.LatencyMs:F1} %");
        }
        return table;
    }

    private static string Title(string region) => region switch
    {
        "largestArray" => "largest array",
        _ => region,
    };

    private static string Bar(PlanRegion region)
    {
        int filled = (int)Math.Min((region.UsedBytes * BarWidth + region.LimitBytes - 1) / Math.Max(region.LimitBytes, 1), BarWidth);
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }

    private static string Milliseconds(double value) => value >= 100 ? $"{value:N0}" : value >= 1 ? $"{value:F1}" : $"{value:F3}";
}
