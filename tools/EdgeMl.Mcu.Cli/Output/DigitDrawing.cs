using System.Text;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Draws digits side by side in block characters, each with what the int8 model says.</summary>
internal static class DigitDrawing
{
    private const int DigitsMax = 5;
    private const int CellWidth = 2 * DigitsModels.Side;
    private const string Shades = " ░▒▓█";
    private const string Gap = "   ";

    /// <summary>Prints a few different digits, and as the last one the first that the model gets wrong.</summary>
    public static void Print(Terminal terminal, QuantizationTrial trial, float[] pixels, int[] labels)
    {
        int fitting = Math.Clamp((terminal.Width + Gap.Length) / (CellWidth + Gap.Length), 1, DigitsMax);
        int[] shown = Choose(trial.QuantizedPredictions, labels, fitting);
        for (int row = 0; row < DigitsModels.Side; row++)
            terminal.Output.WriteLine(string.Join(Gap, shown.Select(digit => Row(pixels, digit, row))).TrimEnd());
        terminal.Output.WriteLine(string.Join(Gap, shown.Select(digit => Caption(trial.QuantizedPredictions[digit], labels[digit]).PadRight(CellWidth))).TrimEnd());
        terminal.Output.WriteLine();
    }

    private static int[] Choose(int[] predictions, int[] labels, int count)
    {
        ILookup<bool, int> byCorrectness = Enumerable.Range(0, labels.Length).ToLookup(i => predictions[i] == labels[i]);
        int[] wrong = [.. byCorrectness[false].Take(1)];
        return [.. byCorrectness[true].DistinctBy(i => labels[i]).Take(count - wrong.Length), .. wrong];
    }

    private static string Row(float[] pixels, int digit, int row)
    {
        var text = new StringBuilder();
        for (int column = 0; column < DigitsModels.Side; column++)
        {
            float ink = pixels[(digit * DigitsModels.Side + row) * DigitsModels.Side + column];
            text.Append(Shades[(int)Math.Round(Math.Clamp(ink, 0, 1) * (Shades.Length - 1))], 2);
        }
        return text.ToString();
    }

    private static string Caption(int prediction, int label) => prediction == label ? $"int8 says {prediction}" : $"{prediction}, but is {label}";
}
