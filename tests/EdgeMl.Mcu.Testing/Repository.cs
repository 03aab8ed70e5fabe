namespace EdgeMl.Mcu.Testing;

/// <summary>The source tree that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>Absolute path of the folder that holds <c>EdgeMl.Mcu.sln</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside a source tree.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path of a file or folder given relative to the root, with <c>/</c> between its parts.</summary>
    public static string PathOf(string relativePath) => Path.GetFullPath(Path.Combine(Root, relativePath));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeMl.Mcu.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds EdgeMl.Mcu.sln");
    }
}
