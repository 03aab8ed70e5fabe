using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests;

/// <summary>The files of the repository, build outputs and tools' own folders left out.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> SkippedFolders =
        [".git", ".vs", ".vscode", ".idea", "bin", "obj", "artifacts", "node_modules", "packages", "TestResults", "BenchmarkDotNet.Artifacts", "__pycache__"];

    private static readonly HashSet<string> TextExtensions =
    [
        string.Empty, ".c", ".cmd", ".cs", ".csproj", ".editorconfig", ".gitattributes", ".gitignore", ".h", ".json", ".ld", ".md", ".nfproj", ".nuspec", ".props", ".proto", ".ps1",
        ".py", ".sh", ".sln", ".targets", ".txt", ".xml", ".yml",
    ];

    /// <summary>Paths relative to the root, with <c>/</c> between their parts, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. FilesIn(new DirectoryInfo(Repository.Root)).Select(RelativePath).Order(StringComparer.Ordinal)];

    /// <summary>The files that hold text.</summary>
    public static IEnumerable<string> TextFiles => Files.Where(path => TextExtensions.Contains(Path.GetExtension(path)));

    /// <summary>The lines of a file.</summary>
    public static string[] LinesOf(string path) => File.ReadAllLines(Repository.PathOf(path));

    private static IEnumerable<FileInfo> FilesIn(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(child => !SkippedFolders.Contains(child.Name)).SelectMany(FilesIn));

    private static string RelativePath(FileInfo file) => Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/');
}
