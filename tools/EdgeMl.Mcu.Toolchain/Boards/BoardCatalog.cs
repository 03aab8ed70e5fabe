using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeMl.Mcu.Toolchain.Boards;

/// <summary>The boards of <c>hardware/boards</c>, which the library carries with it.</summary>
public static class BoardCatalog
{
    private const string ResourceFolder = "boards/";

    private static readonly Lazy<Board[]> Boards = new(ReadAll);

    /// <summary>All boards by name.</summary>
    public static IReadOnlyList<Board> All => Boards.Value;

    /// <summary>The board of a name or alias; capitals, dashes and underscores do not matter.</summary>
    /// <exception cref="ToolchainException"><c>board.unknown</c>; the nearest names are suggested.</exception>
    public static Board Find(string name)
    {
        if (All.FirstOrDefault(board => board.Aliases.Prepend(board.Name).Any(known => Plain(known) == Plain(name))) is { } found)
            return found;
        string[] near = [.. Suggestions(name).Take(3)];
        throw new ToolchainException(ErrorCodes.UnknownBoard, $"There is no board '{name}'.",
            near.Length == 0 ? $"The boards are {string.Join(", ", All.Select(board => board.Name))}." : $"Did you mean {string.Join(" or ", near)}? All boards: edgeml plan --list");
    }

    /// <summary>Reads the content of a board's file.</summary>
    /// <exception cref="JsonException">It has a member too many or too few, or one of another type.</exception>
    public static Board Parse(ReadOnlySpan<byte> content) => JsonSerializer.Deserialize(content, BoardFiles.Default.Board) ?? throw new JsonException("The file holds null.");

    // What was typed may be the beginning of a name, or a name with a mistake.
    private static IEnumerable<string> Suggestions(string name)
    {
        string[] names = [.. All.Select(board => board.Name)];
        IEnumerable<string> ofAliases = Spelling.Near(name, All.SelectMany(board => board.Aliases)).Select(alias => All.First(board => board.Aliases.Contains(alias)).Name);
        return Spelling.Near(name, names).Concat(ofAliases).Concat(names.Where(known => Plain(name).Length > 1 && Plain(known).Contains(Plain(name), StringComparison.Ordinal))).Distinct();
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static Board[] ReadAll()
    {
        Assembly assembly = typeof(BoardCatalog).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal)).Select(Read).OrderBy(board => board.Name, StringComparer.Ordinal)];

        Board Read(string resource)
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return Parse(content);
        }
    }
}

/// <summary>The serialiser of board files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Board))]
internal sealed partial class BoardFiles : JsonSerializerContext;
