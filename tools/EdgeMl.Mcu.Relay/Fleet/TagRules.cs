using System.Buffers;
using System.Text.Json;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>Tags of devices.</summary>
internal static class TagRules
{
    private const int LengthMax = 64;
    private const int CountMax = 32;
    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:=");

    /// <summary>The tags as the database keeps them: sorted, each once.</summary>
    /// <exception cref="RelayException"><see cref="RelayErrorCodes.BadRequest"/>.</exception>
    public static string Store(IEnumerable<string> tags)
    {
        string[] sorted = [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (sorted.FirstOrDefault(tag => tag is null || tag.Length is 0 or > LengthMax || tag.AsSpan().ContainsAnyExcept(Characters)) is { } wrong)
            throw new RelayException(RelayErrorCodes.BadRequest, $"'{wrong}' cannot be a tag.", $"A tag has 1 to {LengthMax} characters of A-Z a-z 0-9 - _ . : =.");
        if (sorted.Length > CountMax)
            throw new RelayException(RelayErrorCodes.BadRequest, $"A device has at most {CountMax} tags; these are {sorted.Length}.");
        return JsonSerializer.Serialize(sorted, RelayJson.Options);
    }

    /// <summary>The tags of what the database keeps.</summary>
    public static string[] Load(string stored) => JsonSerializer.Deserialize<string[]>(stored, RelayJson.Options)!;
}
