using EdgeMl.Mcu.Toolchain.Inspect;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints what an inference executes on the device.</summary>
internal static class ExecutionTable
{
    /// <summary>Prints the layers, the whole inference and what kinds of instructions it is made of.</summary>
    public static void Print(Terminal terminal, ExecutionReport execution)
    {
        terminal.Draw(Layers(execution));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"IL       {execution.Il,12:N0}   {Ratio(execution.IlPerMac)} per MAC, the time of {execution.WeightedIl:N0} plain instructions");
        terminal.Output.WriteLine($"made of  {string.Join(", ", execution.ByClass.Where(entry => entry.Value > 0).OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Key} {100.0 * entry.Value / execution.Il:F1} %"))}");
    }

    private static Table Layers(ExecutionReport execution)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("#").RightAligned()).AddColumns("device layer", "kernel");
        foreach (string title in new[] { "MACs", "IL", "IL/MAC", "weighted", "share" })
            table.AddColumn(new TableColumn(title).RightAligned());
        for (int i = 0; i < execution.Layers.Count; i++)
        {
            LayerExecution layer = execution.Layers[i];
            table.AddRow($"{i}", Markup.Escape(InspectionText.Short(layer.Name)), layer.Operator, layer.Macs == 0 ? "-" : $"{layer.Macs:N0}", $"{layer.Il:N0}", Ratio(layer.IlPerMac),
                $"{layer.WeightedIl:N0}", $"{100 * layer.WeightedIl / execution.WeightedIl:F1} %");
        }
        return table;
    }

    private static string Ratio(double? ilPerMac) => ilPerMac is { } ratio ? $"{ratio:F2}" : "-";
}
