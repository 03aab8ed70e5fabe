using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EdgeMl.Mcu.Bench.Hil.Configuration;

/// <summary>Reads the files of <c>hardware/benches</c>.</summary>
public static class BenchFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative paths in it are from its folder, and are absolute in what this gives.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchFile"/>.</exception>
    public static BenchConfiguration Read(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchException(BenchErrorCodes.BenchFile, $"'{path}' cannot be read: {e.Message}", "Benches are files such as hardware/benches/virtual.json.", e);
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Rooted(Parse(content, Path.GetFileName(path)), folder);
    }

    /// <summary>Reads the content of a file; paths stay as they are.</summary>
    /// <param name="content">JSON.</param>
    /// <param name="name">Name for messages.</param>
    /// <exception cref="BenchException"><see cref="BenchErrorCodes.BenchFile"/>.</exception>
    public static BenchConfiguration Parse(ReadOnlySpan<byte> content, string name)
    {
        try
        {
            JsonElement root = JsonElement.Parse(content);
            RefuseUnknown(root, Options.GetTypeInfo(typeof(BenchConfiguration)), name, "");
            BenchConfiguration bench = root.Deserialize<BenchConfiguration>(Options) ?? throw Invalid(name, "it holds null", null);
            if (BenchRules.FirstBroken(bench) is { } broken)
                throw Invalid(name, broken.Reason, broken.Hint);
            return bench;
        }
        catch (JsonException e)
        {
            string place = e.Path is { Length: > 2 } path ? $"{path[2..]}: " : e.LineNumber is { } line ? $"line {line + 1}: " : "";
            throw Invalid(name, place + FirstSentence(e.Message), null);
        }
    }

    // The serialiser would name the .NET type; people look for the members.
    private static void RefuseUnknown(JsonElement element, JsonTypeInfo type, string file, string path)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable && element.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
                RefuseUnknown(item, Options.GetTypeInfo(type.ElementType!), file, $"{path}[{index++}]");
        }
        if (type.Kind != JsonTypeInfoKind.Object || element.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string place = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            JsonPropertyInfo known = type.Properties.FirstOrDefault(property => property.Name == member.Name)
                ?? throw Invalid(file, $"there is no member '{place}'", $"The members there are {string.Join(", ", type.Properties.Select(property => property.Name))}; hardware/README.md explains them.");
            RefuseUnknown(member.Value, Options.GetTypeInfo(known.PropertyType), file, place);
        }
    }

    private static BenchConfiguration Rooted(BenchConfiguration bench, string folder) => bench with
    {
        Boards = [.. bench.Boards.Select(board => board with { Application = Rooted(board.Application, folder) })],
        Models =
        [
            .. bench.Models.Select(model => model with
            {
                File = Rooted(model.File, folder),
                Inputs = [.. model.Inputs.Select(file => Rooted(file, folder)!)],
                Expected = [.. model.Expected.Select(file => Rooted(file, folder)!)],
            }),
        ],
    };

    private static string? Rooted(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private static BenchException Invalid(string name, string reason, string? hint) =>
        new(BenchErrorCodes.BenchFile, $"The bench {name} is not usable: {reason}.", hint ?? "hardware/README.md explains the members; hardware/benches/virtual.json is the shortest bench.");
}
