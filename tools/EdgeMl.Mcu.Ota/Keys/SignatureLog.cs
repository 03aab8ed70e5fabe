using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeMl.Mcu.Ota.Keys;

/// <summary>One line of a <see cref="SignatureLog"/>.</summary>
/// <param name="Leaf">Leaf number, equal to the line's index.</param>
/// <param name="Message">SHA-256 of what was to be signed, in hex; empty for a leaf that was given up.</param>
/// <param name="Time">When the leaf was reserved.</param>
/// <param name="Previous">SHA-256 of the line before in hex; the key's id for the first one.</param>
public sealed record SignatureLogEntry(int Leaf, string Message, DateTimeOffset Time, string Previous);

/// <summary>The leaves that a key has reserved, one line each; every line holds the hash of the one before. Immutable.</summary>
internal sealed class SignatureLog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _text;

    private SignatureLog(string text, IReadOnlyList<SignatureLogEntry> entries, string head)
    {
        _text = text;
        Entries = entries;
        Head = head;
    }

    public IReadOnlyList<SignatureLogEntry> Entries { get; }

    /// <summary>Hash of the last line; the key's id for a log without lines.</summary>
    public string Head { get; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(_text);

    public static SignatureLog Empty(string keyId) => new("", [], keyId);

    /// <summary>Reads a log; null where a line is malformed or does not follow from the one before.</summary>
    public static SignatureLog? TryRead(byte[] content, string keyId)
    {
        string text = Encoding.UTF8.GetString(content);
        var entries = new List<SignatureLogEntry>();
        string head = keyId;
        if (text.Length > 0 && text[^1] != '\n')
            return null;
        foreach (string line in text.Split('\n').SkipLast(1))
        {
            SignatureLogEntry? entry = TryParse(line);
            if (entry is null || entry.Leaf != entries.Count || entry.Previous != head)
                return null;
            entries.Add(entry);
            head = HashOf(line);
        }
        return new SignatureLog(text, entries, head);
    }

    /// <summary>The log with one line more.</summary>
    public SignatureLog With(string message, DateTimeOffset time)
    {
        var entry = new SignatureLogEntry(Entries.Count, message, time, Head);
        string line = JsonSerializer.Serialize(entry, Json);
        return new SignatureLog(_text + line + "\n", [.. Entries, entry], HashOf(line));
    }

    private static SignatureLogEntry? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<SignatureLogEntry>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}
