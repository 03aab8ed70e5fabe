using System.Text;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Draws an arena: steps across, bytes down, one letter for each piece.</summary>
internal static class ArenaDrawing
{
    private const int RowsMax = 16;
    private const int ColumnsMax = 64;
    private const int NameLengthMax = 60;
    private const char Free = '.';
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The lines of a drawing and of its legend.</summary>
    /// <param name="pieces">Pieces of the arena.</param>
    /// <param name="bytes">Size of the arena.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<ArenaPiece> pieces, int bytes)
    {
        // Outputs live until after the last layer.
        int steps = pieces.Max(piece => piece.LastStep);
        int rows = Math.Min(RowsMax, bytes);
        int stepsPerColumn = (steps + 2 + ColumnsMax - 1) / ColumnsMax;
        int columns = (steps + 2 + stepsPerColumn - 1) / stepsPerColumn;
        int width = $"{bytes:N0}".Length;
        yield return $"arena over time: {Plural(columns, "column")} of {Plural(stepsPerColumn, "step")} from the inputs on the left to the outputs on the right";
        for (int row = 0; row < rows; row++)
        {
            int first = (int)((long)bytes * row / rows);
            int end = (int)((long)bytes * (row + 1) / rows);
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++)
                line.Append(Cell(pieces, first, end, (column * stepsPerColumn) - 1, ((column + 1) * stepsPerColumn) - 2));
            yield return $"{first.ToString("N0").PadLeft(width)} {line}";
        }
        for (int i = 0; i < pieces.Count; i++)
        {
            ArenaPiece piece = pieces[i];
            string last = piece.LastStep == steps ? "end" : $"{piece.LastStep}";
            string first = piece.FirstStep < 0 ? "start" : $"{piece.FirstStep}";
            yield return $"{Letter(i)} {piece.Offset.ToString("N0").PadLeft(width)} +{piece.Bytes.ToString("N0").PadRight(width)} {first,5} to {last,-5} {Short(piece.Name)}";
        }
    }

    /// <summary>The piece that has most of some bytes during some steps.</summary>
    private static char Cell(IReadOnlyList<ArenaPiece> pieces, int first, int end, int firstStep, int lastStep)
    {
        char cell = Free;
        long most = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            ArenaPiece piece = pieces[i];
            long shared = Math.Max(0, Math.Min(end, piece.Offset + piece.Bytes) - Math.Max(first, piece.Offset))
                * Math.Max(0L, Math.Min(lastStep, piece.LastStep) - Math.Max(firstStep, piece.FirstStep) + 1);
            if (shared > most)
                (cell, most) = (Letter(i), shared);
        }
        return cell;
    }

    private static char Letter(int piece) => Letters[piece % Letters.Length];

    private static string Short(string name) => name.Length <= NameLengthMax ? name : $"{name[..(NameLengthMax - 3)]}...";

    private static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
