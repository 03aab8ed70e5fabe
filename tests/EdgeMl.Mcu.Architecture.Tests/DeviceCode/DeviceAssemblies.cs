using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests.DeviceCode;

/// <summary>The device projects' assemblies as built for the nanoFramework subset, beside the tests and in their configuration.</summary>
internal static class DeviceAssemblies
{
    private const string ClassLibrary = "mscorlib";

    // What touches hardware, network or files. Everything else runs on the class library alone, so that it is the same on the host.
    private static readonly HashSet<string> UsersOfDeviceLibraries = ["EdgeMl.Mcu.Device"];

    /// <summary>Path of the signatures that all device code is compiled against.</summary>
    public static string NanoReferencePath => SubsetBuilds.NanoReference;

    /// <summary>Names of the device projects, which are also their assembly names.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("firmware"), "*.csproj", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains(SubsetBuilds.Framework, StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Names that a device assembly may refer to: the other device assemblies', and of nanoFramework's the class library's or all.</summary>
    public static IReadOnlySet<string> KnownNames(string project) =>
        new HashSet<string>(Projects.Concat(UsersOfDeviceLibraries.Contains(project) ? SubsetBuilds.NanoReferenceNames : [ClassLibrary]));

    /// <summary>Reads the subset build of a device project.</summary>
    public static ModuleDefinition Read(string project)
    {
        string path = SubsetBuilds.PathOf(project, project);
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
}
