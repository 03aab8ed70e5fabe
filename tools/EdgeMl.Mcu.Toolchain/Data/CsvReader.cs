using System.Globalization;
using System.Text;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>
/// Reads .csv files of numbers: one sample a line, cells separated by commas, invariant culture, UTF-8. The first line is a header, and skipped,
/// if none of its cells is a number.
/// </summary>
public static class CsvReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Parses the content of a file into an array of shape [lines, cells] of double-precision numbers.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="ToolchainException"><c>data.csv-invalid</c>.</exception>
    public static NumericArray Parse(ReadOnlySpan<byte> content, string name)
    {
        ReadOnlySpan<char> rest = Decode(content, name).AsSpan().TrimEnd("\r\n");
        if (rest.IsWhiteSpace())
            throw Invalid(name, "the file is empty");
        var values = new List<double>();
        int columns = 0;
        int rows = 0;
        for (int line = 1; !rest.IsEmpty; line++)
        {
            ReadOnlySpan<char> text = NextLine(ref rest);
            if (line == 1 && IsHeader(text))
                continue;
            int cells = ReadLine(text, line, values, name);
            if (rows > 0 && cells != columns)
                throw Invalid(name, $"line {line} has {cells} cells and the lines before it {columns}");
            columns = cells;
            rows++;
        }
        if (rows == 0)
            throw Invalid(name, "it has a header and no samples");
        return new NumericArray(new Shape(rows, columns), values.ToArray());
    }

    private static string Decode(ReadOnlySpan<byte> content, string name)
    {
        if (content.StartsWith("\uFEFF"u8))
            content = content[3..];
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid(name, $"byte {e.Index} is not UTF-8 text");
        }
    }

    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line.TrimEnd('\r');
    }

    private static bool IsHeader(ReadOnlySpan<char> line)
    {
        foreach (Range cell in line.Split(','))
        {
            if (TryNumber(line[cell], out _))
                return false;
        }
        return true;
    }

    private static int ReadLine(ReadOnlySpan<char> text, int line, List<double> values, string name)
    {
        int cells = 0;
        foreach (Range range in text.Split(','))
        {
            cells++;
            if (!TryNumber(text[range], out double value))
            {
                string cell = new(text[range].Trim());
                throw Invalid(name, $"line {line}, cell {cells} is not a number: '{NpyHeader.Printable(cell)}'");
            }
            values.Add(value);
        }
        return cells;
    }

    // A number too large for double precision parses to infinity; only the word itself means it.
    private static bool TryNumber(ReadOnlySpan<char> cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && (!double.IsInfinity(value) || cell.IndexOfAnyInRange('0', '9') < 0);

    private static ToolchainException Invalid(string name, string reason) =>
        new(ErrorCodes.CsvInvalid, $"'{name}' is no usable .csv file: {reason}.", "One sample a line, numbers separated by commas, a point as the decimal separator.");
}
