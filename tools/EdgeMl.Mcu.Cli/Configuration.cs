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
        return option ?? NumberIn(Find(terminal, key), key, fallback);
    }

    /// <summary>One of several words: the option's value, or else the file's, or else the default.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    public static string Word(Terminal terminal, string? option, string key, IReadOnlyList<string> words, string fallback)
    {
        return option ?? WordIn(Find(terminal, key), key, words, fallback);
    }

    /// <summary>Any text: the option's value, or else that of the environment, or else the file's; null for none.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    public static string? Text(Terminal terminal, string? option, string variable, string key)
    {
        if (option is not null)
            return option;
        string? value = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(value) ? TextIn(Find(terminal, key), key) : value;
    }

    /// <summary>The text that a value of the file holds, or null.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    internal static string? TextIn(JsonElement? value, string key) =>
        value is null ? null : value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString() : throw Invalid($"'{key}' is no text");

    /// <summary>The number that a value of the file holds, finite and not negative.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    internal static double NumberIn(JsonElement? value, string key, double fallback) =>
        value is null ? fallback
        : value.Value.ValueKind == JsonValueKind.Number && value.Value.GetDouble() is >= 0 and < double.PositiveInfinity ? value.Value.GetDouble()
        : throw Invalid($"'{key}' is no number from 0 on");

    /// <summary>The word that a value of the file holds, one of several.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    internal static string WordIn(JsonElement? value, string key, IReadOnlyList<string> words, string fallback) =>
        value is null ? fallback
        : value.Value.ValueKind == JsonValueKind.String && words.FirstOrDefault(word => value.Value.ValueEquals(word)) is { } known ? known
        : throw Invalid($"'{key}' is none of {string.Join(", ", words)}");

    private static JsonElement? Find(Terminal terminal, string key)
    {
        string path = Path.Combine(terminal.WorkingFolder, FileName);
        return File.Exists(path) ? Find(DataFile.ReadAllBytes(path), key) : null;
    }

    /// <summary>The value of a key in the content of the file, or null.</summary>
    /// <exception cref="ToolchainException"><c>config.invalid</c>.</exception>
    internal static JsonElement? Find(byte[] content, string key)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
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
