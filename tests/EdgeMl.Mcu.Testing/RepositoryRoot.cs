namespace EdgeMl.Mcu.Testing;

/// <summary>The folder of the sources that the tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The full path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeMl.Mcu.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No EdgeMl.Mcu.sln above {AppContext.BaseDirectory}.");
    }
}
