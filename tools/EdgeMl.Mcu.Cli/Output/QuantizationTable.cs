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
            .AddColumn(new TableColumn("SNR dB").RightAligned());
        foreach (LayerQuantization layer in layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Operator, $"{layer.RangeMin:G4} .. {layer.RangeMax:G4}", $"{layer.Scale:G5}", $"{layer.ZeroPoint}",
                layer.SignalToNoiseDb is { } ratio ? $"{ratio:F1}" : "-");
        }
        return table;
    }
}
