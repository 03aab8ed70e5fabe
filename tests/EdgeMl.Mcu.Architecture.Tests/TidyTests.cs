using System.Text.RegularExpressions;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests;

public partial class TidyTests
{
    private const int LinesLimit = 600;

    private static readonly string[] CodeExtensions = [".c", ".cs", ".h", ".proto", ".py"];

    private static IEnumerable<string> CodeFiles => SourceTree.Files.Where(path => CodeExtensions.Contains(Path.GetExtension(path)));

    private static IEnumerable<string> DocumentedFiles => CodeFiles.Where(path =>
        (path.StartsWith("firmware/", StringComparison.Ordinal) || path.StartsWith("tools/", StringComparison.Ordinal))
        && !path.StartsWith("firmware/EdgeMl.Mcu.NanoReference/", StringComparison.Ordinal)
        && path.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void A_source_file_has_at_most_600_lines() =>
        Assert.Empty(CodeFiles.Where(path => SourceTree.LinesOf(path).Length > LinesLimit));

    [Fact]
    public void A_source_file_is_indented_with_spaces() =>
        Assert.Empty(CodeFiles.SelectMany(path => Places(path, line => line.Contains('\t', StringComparison.Ordinal))));

    [Fact]
    public void Unfinished_work_is_not_marked_in_files() =>
        Assert.Empty(SourceTree.TextFiles.SelectMany(path => Places(path, UnfinishedMark().IsMatch)));

    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        Assert.Empty(SourceTree.TextFiles.SelectMany(path => Places(path, MachinePath().IsMatch)));

    [Fact]
    public void Every_model_has_a_card()
    {
        string models = Repository.PathOf("models");
        Assert.SkipUnless(Directory.Exists(models), "the tree has no models");

        Assert.Empty(Directory.EnumerateDirectories(models).Where(folder => !File.Exists(Path.Combine(folder, "README.md"))));
    }

    [Fact]
    public void Every_public_type_of_firmware_and_tools_has_a_documentation_comment() =>
        Assert.Empty(PublicTypes.Undocumented(DocumentedFiles));

    private static IEnumerable<string> Places(string path, Func<string, bool> isFound) =>
        SourceTree.LinesOf(path).Select((line, index) => (line, index)).Where(entry => isFound(entry.line)).Select(entry => $"{path}:{entry.index + 1}");

    // A character class of one character keeps the patterns from finding themselves.
    [GeneratedRegex(@"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b")]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"(?<![\w.])/([w]ork|[h]ome|[U]sers|[r]oot)/|[A-Za-z]:\\+[U]sers")]
    private static partial Regex MachinePath();
}
