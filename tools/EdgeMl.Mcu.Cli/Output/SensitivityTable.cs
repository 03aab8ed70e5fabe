using EdgeMl.Mcu.Toolchain.Pruning;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Sensitivity of layers as a table: one row a layer, one column a measurement.</summary>
internal static class SensitivityTable
{
    /// <summary>Creates the table.</summary>
    /// <param name="report">The measurements.</param>
    /// <param name="title">What is varied.</param>
    /// <param name="points">The measurements of a layer.</param>
    /// <param name="header">Text of a value.</param>
    public static Table Create(SensitivityReport report, string title, Func<LayerSensitivity, IReadOnlyList<SensitivityPoint>> points, Func<double, string> header)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn($"{title}: layer").AddColumn(new TableColumn("weights").RightAligned());
        foreach (SensitivityPoint point in points(report.Layers[0]))
            table.AddColumn(new TableColumn(header(point.Value)).RightAligned());
        foreach (LayerSensitivity layer in report.Layers)
            table.AddRow([Markup.Escape(layer.Name), $"{layer.Weights:N0}", .. points(layer).Select(Cell)]);
        return table;
    }

    private static string Cell(SensitivityPoint point) =>
        point.Accuracy is { } accuracy ? $"{accuracy:P2}" : point.SignalToNoiseDb is { } ratio ? $"{ratio:F1}" : "exact";
}
