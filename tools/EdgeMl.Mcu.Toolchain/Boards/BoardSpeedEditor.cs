using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>Writes a measured speed into a board's file.</summary>
public static class BoardSpeedEditor
{
    private const string SpeedMember = "nanosecondsPerIl";
    private const string SourceMember = "speedSource";

    /// <summary>The content of a board's file with another speed; every other byte stays as it is.</summary>
    /// <param name="content">The file.</param>
    /// <param name="nanosecondsPerIl">Time of a plain IL instruction, above 0; kept with four significant digits.</param>
    /// <param name="source">Where it comes from, beginning with <c>measured: </c>.</param>
    /// <exception cref="JsonException">The content is no board.</exception>
    public static byte[] WithSpeed(byte[] content, double nanosecondsPerIl, string source)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nanosecondsPerIl);
        BoardCatalog.Parse(content);
        string speed = double.Parse(nanosecondsPerIl.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        byte[] edited = Replace(content, SpeedMember, Encoding.UTF8.GetBytes(speed));
        edited = Replace(edited, SourceMember, [(byte)'"', .. JsonEncodedText.Encode(source, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"']);
        BoardCatalog.Parse(edited);
        return edited;
    }

    private static byte[] Replace(byte[] content, string member, byte[] value)
    {
        var reader = new Utf8JsonReader(content);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(member))
                continue;
            reader.Read();
            return [.. content.AsSpan(0, (int)reader.TokenStartIndex), .. value, .. content.AsSpan((int)reader.BytesConsumed)];
        }
        throw new JsonException($"There is no member {member}.");
    }
}
