using System.Globalization;
using System.Text;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>Writes .csv files without a header: one sample a line, the shortest text that reads back to the same number.</summary>
public static class CsvWriter
{
    /// <summary>The content of a file with one line for each index of the array's first axis.</summary>
    public static byte[] Write(NumericArray array)
    {
        int rows = array.Shape.Rank == 0 ? 1 : array.Shape[0];
        int columns = rows == 0 ? 0 : array.Values.Length / rows;
        var text = new StringBuilder();
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (column > 0)
                    text.Append(',');
                object value = array.Values.GetValue(row * columns + column)!;
                text.Append(value is bool b ? (b ? "1" : "0") : ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            }
            text.Append('\n');
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
