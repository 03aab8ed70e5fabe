using System.Text.Json;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli;

/// <summary>Defaults from <c>edgeml.json</c> in the working folder: an object of option names without dashes, such as <c>{"atol": 1e-4}</c>.</summary>
/// <remarks>Precedence: option, environment, <c>edgeml.json</c>, default.</remarks>
internal static class Configuration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "edgeml.json";

    /// <summary>A number: the option's value, or else the file's, or else the default.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    public static double Number(Terminal terminal, double? option, string key, double fallback)
    {
        if (option is not null)
            return option.Value;
        return Find(terminal, key) is not { } value ? fallback
            : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : throw Invalid($"'{key}' is no number");
    }

    /// <summary>One of several words: the option's value, or else the file's, or else the default.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    public static string Word(Terminal terminal, string? option, string key, IReadOnlyList<string> words, string fallback)
    {
        if (option is not null)
            return option;
        if (Find(terminal, key) is not { } value)
            return fallback;
        string? word = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return word is not null && words.Contains(word) ? word : throw Invalid($"'{key}' is none of {string.Join(", ", words)}");
    }

    private static JsonElement? Find(Terminal terminal, string key)
    {
        string path = Path.Combine(terminal.WorkingFolder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(DataFile.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Invalid("it is no object");
            return document.RootElement.TryGetProperty(key, out JsonElement value) ? value.Clone() : null;
        }
        catch (JsonException e)
        {
            throw Invalid($"line {e.LineNumber + 1} is no JSON");
        }
    }

    private static ToolchainException Invalid(string reason) =>
        new(ErrorCodes.ConfigurationInvalid, $"{FileName} in the working folder is not usable: {reason}.", "It holds defaults by option name, for example {\"atol\": 1e-4}.");
}
