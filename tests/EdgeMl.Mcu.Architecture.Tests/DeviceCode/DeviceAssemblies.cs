using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>The device projects' assemblies as built for the nanoFramework subset, beside the tests and in their configuration.</summary>
internal static class DeviceAssemblies
{
    private const string ReferenceProject = "EdgeMl.Mcu.NanoReference";

    /// <summary>Path of the signatures that device code is compiled against.</summary>
    public static string NanoReferencePath => SubsetBuilds.NanoReference;

    /// <summary>Names of the device projects, which are also their assembly names.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("firmware"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains(SubsetBuilds.Framework, StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name != ReferenceProject)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Names that a device assembly may refer to: the class library's and the other device assemblies'.</summary>
    public static IReadOnlySet<string> KnownNames { get; } = new HashSet<string>(Projects.Append("mscorlib"));

    /// <summary>Reads the subset build of a device project.</summary>
    public static ModuleDefinition Read(string project)
    {
        string path = SubsetBuilds.PathOf(project, project);
        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = ResolverFor(Path.GetDirectoryName(path)!) });
    }

    /// <summary>Finds the class library's signatures, and assemblies in a further folder.</summary>
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
}
