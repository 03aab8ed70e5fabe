using EdgeMl.Mcu.Toolchain.Pruning;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>How much each layer lost, as a table.</summary>
internal static class PruningTable
{
    /// <summary>Creates the table.</summary>
    public static Table Create(IReadOnlyList<LayerPruning> layers)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("layer")
            .AddColumn("operator")
            .AddColumn(new TableColumn("weights").RightAligned())
            .AddColumn(new TableColumn("left").RightAligned())
            .AddColumn(new TableColumn("zeros").RightAligned());
        foreach (LayerPruning layer in layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Operator, $"{layer.Weights:N0}", $"{layer.Weights - layer.Zeros:N0}",
                layer.IsPruned ? $"{layer.Sparsity:P1}" : "as it was");
        }
        return table;
    }
}
