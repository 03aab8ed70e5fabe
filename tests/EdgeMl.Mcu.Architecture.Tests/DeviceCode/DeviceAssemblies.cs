using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>The device projects' assemblies as built for the nanoFramework subset, beside the tests and in their configuration.</summary>
internal static class DeviceAssemblies
{
    private const string ClassLibrary = "mscorlib";
    private const string Application = "EdgeMl.Mcu.Device";


    private static readonly Dictionary<string, string> Folders =
        Directory.EnumerateFiles(Repository.PathOf("firmware"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.PathOf("firmware"), path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("EdgeMl.Mcu.NanoReference/", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => Path.GetDirectoryName(path)!.Replace('\\', '/'));

    /// <summary>Path of the signatures that all device code is compiled against.</summary>
    public static string NanoReferencePath => SubsetBuilds.NanoReference;

    /// <summary>Names of the device projects, which are also their assembly names.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Folders.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Names of the samples' projects.</summary>
    public static IReadOnlyList<string> Samples { get; } = [.. Projects.Where(IsSample)];

    /// <summary>
    /// Names that a device assembly may refer to: the other device assemblies', and of nanoFramework's the class library's. Only the application and the samples, which touch
    /// hardware, network and files, may refer to all.
    /// </summary>
    public static IReadOnlySet<string> KnownNames(string project) =>
        new HashSet<string>(Projects.Concat(project == Application || IsSample(project) ? SubsetBuilds.NanoReferenceNames : [ClassLibrary]));

    /// <summary>Folder of a device project, relative to <c>firmware</c>.</summary>
    public static string FolderOf(string project) => Folders[project];

    /// <summary>Reads the subset build of a device project.</summary>
    public static ModuleDefinition Read(string project)
    {
        string path = SubsetBuilds.PathOf(FolderOf(project), project);
        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = ResolverFor(Path.GetDirectoryName(path)!) });
    }

    /// <summary>Finds the signatures of nanoFramework's assemblies, and assemblies in a further folder.</summary>
    public static IAssemblyResolver ResolverFor(string? folder)
    {
        var resolver = new DefaultAssemblyResolver();
        foreach (string searched in resolver.GetSearchDirectories())
        {
            resolver.RemoveSearchDirectory(searched);
        }

        resolver.AddSearchDirectory(Path.GetDirectoryName(NanoReferencePath));
        if (folder is not null)
        {
            resolver.AddSearchDirectory(folder);
        }

        return resolver;
    }

    private static bool IsSample(string project) => FolderOf(project).StartsWith("samples/", StringComparison.Ordinal);
}
