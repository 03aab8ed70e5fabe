using EdgeMl.Mcu.Toolchain.Quantizing;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>How each layer was quantised, as a table.</summary>
internal static class QuantizationTable
{
    /// <summary>Creates the table.</summary>
    public static Table Create(IReadOnlyList<LayerQuantization> layers)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("layer")
            .AddColumn("operator")
            .AddColumn(new TableColumn("range").RightAligned())
            .AddColumn(new TableColumn("scale").RightAligned())
            .AddColumn(new TableColumn("zero point").RightAligned())
            .AddColumn(new TableColumn("bits").RightAligned())
            .AddColumn(new TableColumn("SNR dB").RightAligned());
        foreach (LayerQuantization layer in layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Operator, $"{layer.RangeMin:G4} .. {layer.RangeMax:G4}", $"{layer.Scale:G5}", $"{layer.ZeroPoint}",
                $"{layer.WeightBits}", layer.SignalToNoiseDb is { } ratio ? $"{ratio:F1}" : "-");
        }
        return table;
    }

    /// <summary>Creates the table of what an automatic quantisation tried.</summary>
    public static Table Create(IReadOnlyList<QuantizationStep> steps)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("tried");
        foreach (string column in new[] { "accuracy", "agreement", "SNR dB", "gain dB" })
            table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("kept");
        foreach (QuantizationStep step in steps)
        {
            table.AddRow(
                step.Name, Text(step.Quality.Accuracy, "P2"), Text(step.Quality.Agreement, "P2"), Text(step.Quality.SignalToNoiseDb, "F2"),
                Text(step.GainDb, "+0.00;-0.00;0.00"), step.IsKept ? "yes" : "");
        }
        return table;
    }

    private static string Text(double? value, string format) => value?.ToString(format) ?? "-";
}
