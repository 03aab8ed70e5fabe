using System.Reflection;

namespace EdgeMl.Mcu.Testing;

/// <summary>The device assemblies as built for the nanoFramework subset, in the configuration of the running tests.</summary>
public static class SubsetBuilds
{
    /// <summary>Target framework moniker of the subset build.</summary>
    public const string Framework = "netnano1.0";

    private const string NanoReferenceFolder = "EdgeMl.Mcu.NanoReference";

    /// <summary>Configuration of the running tests.</summary>
    public static string Configuration { get; } = typeof(SubsetBuilds).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The runtime and its optional kernels, those first that others refer to.</summary>
    public static IReadOnlyList<string> RuntimeAssemblies { get; } = ["EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Typed"];

    /// <summary>Path of the runtime, which has the plain kernels.</summary>
    public static string Runtime => PathOf(RuntimeAssemblies[0], RuntimeAssemblies[0]);

    /// <summary>Path of the agent.</summary>
    public static string Agent => PathOf("EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Agent");

    /// <summary>Path of the class library's signatures, which all device code is compiled against.</summary>
    public static string NanoReference => ReferenceTo("mscorlib");

    /// <summary>Names of the nanoFramework assemblies whose signatures are at hand, the class library included.</summary>
    public static IReadOnlyList<string> NanoReferenceNames { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("firmware/" + NanoReferenceFolder), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Path of the signatures of one nanoFramework assembly.</summary>
    /// <exception cref="FileNotFoundException">They have not been built in this configuration.</exception>
    public static string ReferenceTo(string assembly) => PathOf(NanoReferenceFolder, assembly);

    /// <summary>The images of <see cref="RuntimeAssemblies"/>.</summary>
    public static IReadOnlyList<byte[]> RuntimeImages() => Images(RuntimeAssemblies);

    /// <summary>Images of device assemblies that have the names of their projects.</summary>
    public static IReadOnlyList<byte[]> Images(IEnumerable<string> names) => [.. names.Select(name => File.ReadAllBytes(PathOf(name, name)))];

    /// <summary>Path of a device project's assembly.</summary>
    /// <exception cref="FileNotFoundException">The project has not been built in this configuration.</exception>
    public static string PathOf(string project, string assembly)
    {
        string path = Repository.PathOf($"firmware/{project}/bin/{Configuration}/{Framework}/{assembly}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build firmware/{project} first", path);
    }
}
