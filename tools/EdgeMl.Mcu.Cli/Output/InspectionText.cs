using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Inspect;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints what a model is made of.</summary>
internal static class InspectionText
{
    private const int NameLengthMax = 44;

    /// <summary>Prints a report.</summary>
    public static void Print(Terminal terminal, InspectionReport report)
    {
        terminal.Output.WriteLine($"{report.Model} ({report.Format}, {report.FileBytes:N0} bytes)");
        terminal.Output.WriteLine();
        terminal.Draw(Ports(report));
        terminal.Output.WriteLine();
        terminal.Draw(Layers(report.Layers));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"MACs     {report.Macs,12:N0}   live {report.MacsLive:N0} ({Percent(report.MacsLive, report.Macs)})");
        terminal.Output.WriteLine($"weights  {report.Weights,12:N0}   live {report.WeightsLive:N0} ({Percent(report.WeightsLive, report.Weights)})");
        if (report is { ArenaBytes: { } arena, ArenaLowerBoundBytes: { } bound, ScratchBytes: { } scratch })
        {
            terminal.Output.WriteLine($"arena    {arena,12:N0} bytes, lower bound {bound:N0} ({100.0 * bound / arena:F1} % of it alive at the fullest step){(report.ArenaIsOptimal == true ? ", no smaller one is possible" : "")}");
            terminal.Output.WriteLine($"scratch  {scratch,12:N0} bytes");
            foreach (PortReport input in report.Inputs.Where(input => !input.Shape.SequenceEqual(input.DeviceShape)))
                terminal.Output.WriteLine($"files for '{input.Name}' are in the source layout {Text(input.Shape)}; the device's own order is {Text(input.DeviceShape)}");
            terminal.Output.WriteLine();
            foreach (string line in ArenaDrawing.Lines(report.Arena ?? [], arena))
                terminal.Output.WriteLine(line);
        }
        else
        {
            terminal.Output.WriteLine(report.DeviceError is null ? "arena    a float model: the device runs int8; see 'edgeml quantize --help'" : $"arena    not runnable on the device: {report.DeviceError}");
        }
        if (report.Execution is { } execution)
        {
            terminal.Output.WriteLine();
            ExecutionTable.Print(terminal, execution);
        }
    }

    private static Table Ports(InspectionReport report)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("port", "name", "type", "source layout", "device layout")
            .AddColumn(new TableColumn("scale").RightAligned())
            .AddColumn(new TableColumn("zero point").RightAligned());
        foreach ((string kind, PortReport port) in report.Inputs.Select(p => ("input", p)).Concat(report.Outputs.Select(p => ("output", p))))
        {
            table.AddRow(kind, Markup.Escape(port.Name), port.Type, Text(port.Shape), Text(port.DeviceShape),
                port.Scale is { } scale ? $"{scale:G7}" : "-", port.ZeroPoint is { } zero ? $"{zero}" : "-");
        }
        return table;
    }

    private static Table Layers(IReadOnlyList<LayerReport> layers)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("#").RightAligned())
            .AddColumns("layer", "operator", "output")
            .AddColumn(new TableColumn("bytes").RightAligned())
            .AddColumn(new TableColumn("MACs").RightAligned())
            .AddColumn(new TableColumn("weights").RightAligned());
        for (int i = 0; i < layers.Count; i++)
        {
            LayerReport layer = layers[i];
            table.AddRow($"{i}", Markup.Escape(Short(layer.Name)), layer.Operator, Text(layer.OutputShape), $"{layer.OutputBytes:N0}",
                layer.Macs == 0 ? "-" : $"{layer.Macs:N0}", layer.Weights == 0 ? "-" : $"{layer.Weights:N0}");
        }
        return table;
    }

    /// <summary>A name as tables show it: exporters join the names of fused operators, and the whole name is in the JSON document.</summary>
    internal static string Short(string name) => name.Length <= NameLengthMax ? name : $"{name[..(NameLengthMax - 3)]}...";

    private static string Text(int[] shape) => new Shape(shape).ToString();

    private static string Percent(long part, long whole) => whole == 0 ? "-" : $"{100.0 * part / whole:F1} %";
}
