using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>A confusion matrix as a table: true classes down, predicted ones across.</summary>
internal static class ConfusionTable
{
    /// <summary>Creates the table.</summary>
    public static Table Create(int[][] confusion)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("true \\ predicted").RightAligned());
        for (int i = 0; i < confusion.Length; i++)
            table.AddColumn(new TableColumn($"{i}").RightAligned());
        for (int row = 0; row < confusion.Length; row++)
            table.AddRow([$"{row}", .. confusion[row].Select((count, column) => Cell(count, row == column))]);
        return table;
    }

    private static string Cell(int count, bool isRight) => (count, isRight) switch
    {
        (0, _) => "[grey].[/]",
        (_, true) => $"[green]{count}[/]",
        _ => $"[red]{count}[/]",
    };
}
