using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests.NanoProjects;

/// <summary>A nanoFramework assembly and the package that holds it.</summary>
/// <param name="Assembly">Name of the assembly.</param>
/// <param name="AssemblyVersion">Its four-part version.</param>
/// <param name="Id">Name of the package.</param>
internal sealed partial record NanoPackage(string Assembly, string AssemblyVersion, string Id)
{
    private const string Prefix = "nanoFramework.";

    // The real M2Mqtt refers to an assembly of which device code here uses nothing, so that there are no signatures of it.
    private static readonly NanoPackage Collections = new("nanoFramework.System.Collections", "1.5.75.0", "nanoFramework.System.Collections");

    /// <summary>Version of the package: the first three parts of the assembly's.</summary>
    public string Version => AssemblyVersion[..AssemblyVersion.LastIndexOf('.')];

    /// <summary>The assemblies of these names and all that they refer to.</summary>
    public static IEnumerable<NanoPackage> Closure(IEnumerable<string> assemblies)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(assemblies);
        while (open.TryPop(out string? name))
        {
            if (!names.Add(name))
                continue;
            foreach (XElement reference in XDocument.Load(Repository.PathOf($"firmware/EdgeMl.Mcu.NanoReference/{name}/{name}.csproj")).Descendants("ProjectReference"))
                open.Push(Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
        }
        IEnumerable<NanoPackage> packages = names.Select(Of);
        return names.Contains("nanoFramework.M2Mqtt") ? packages.Append(Collections) : packages;
    }

    private static NanoPackage Of(string assembly)
    {
        string version = VersionAttribute().Match(File.ReadAllText(Repository.PathOf($"firmware/EdgeMl.Mcu.NanoReference/{assembly}/AssemblyInfo.cs"))).Groups[1].Value;
        string id = assembly switch
        {
            "mscorlib" => Prefix + "CoreLibrary",
            "nanoFramework.M2Mqtt.Core" => Prefix + "M2Mqtt",
            _ => assembly.StartsWith(Prefix, StringComparison.Ordinal) ? assembly : Prefix + assembly,
        };
        return new NanoPackage(assembly, version, id);
    }

    [GeneratedRegex("AssemblyVersion\\(\"([0-9.]+)\"\\)")]
    private static partial Regex VersionAttribute();
}
