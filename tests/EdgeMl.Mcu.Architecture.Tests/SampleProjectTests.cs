using System.Xml.Linq;
using EdgeMl.Mcu.Architecture.Tests.DeviceCode;
using EdgeMl.Mcu.Testing;
using Mono.Cecil;

namespace EdgeMl.Mcu.Architecture.Tests;

/// <summary>The samples' projects for Visual Studio name the packages that their subset builds were compiled against.</summary>
public class SampleProjectTests
{
    private const string Own = "EdgeMl.Mcu.";

    public static TheoryData<string> Samples => [.. DeviceAssemblies.Samples];

    [Fact]
    public void There_are_three_samples() =>
        Assert.Equal(["EdgeMl.Mcu.Samples.Gesture", "EdgeMl.Mcu.Samples.Minimal", "EdgeMl.Mcu.Samples.VibrationAnomaly"], DeviceAssemblies.Samples);

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_a_program(string sample)
    {
        using ModuleDefinition module = DeviceAssemblies.Read(sample);

        Assert.NotNull(module.EntryPoint);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_project_for_Visual_Studio_refers_to_all_assemblies_that_the_subset_build_needs(string sample)
    {
        IReadOnlyDictionary<string, Version> needed = AssembliesOf(sample);
        XElement[] references = [.. Elements(sample, $"{sample}.nfproj", "Reference")];

        Assert.Equal(needed.Keys.Order(StringComparer.Ordinal), references.Select(reference => reference.Attribute("Include")!.Value).Order(StringComparer.Ordinal));
        Assert.All(references, reference =>
        {
            string name = reference.Attribute("Include")!.Value;
            bool isOwn = name.StartsWith(Own, StringComparison.Ordinal);
            string expected = $@"..\..\..\packages\{PackageOf(name)}.{(isOwn ? "$(VersionPrefix)" : needed[name].ToString(3))}\lib\{(isOwn ? @"netnano1.0\" : string.Empty)}{name}.dll";
            Assert.Equal(expected, reference.Elements().Single().Value);
        });
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_packages_are_those_of_the_assemblies_in_their_versions(string sample)
    {
        IEnumerable<string> packages = Elements(sample, "packages.config", "package").Select(package => $"{package.Attribute("id")!.Value} {package.Attribute("version")!.Value}");

        Assert.Equal(AssembliesOf(sample).Select(assembly => $"{PackageOf(assembly.Key)} {assembly.Value.ToString(3)}").Order(StringComparer.Ordinal), packages.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_project_for_Visual_Studio_is_in_the_solution_and_not_built_there(string sample)
    {
        string guid = Elements(sample, $"{sample}.nfproj", "ProjectGuid").Single().Value;
        string solution = File.ReadAllText(Repository.PathOf("EdgeMl.Mcu.sln")).Replace('\\', '/');

        Assert.Contains($"\"firmware/{DeviceAssemblies.FolderOf(sample)}/{sample}.nfproj\", \"{guid}\"", solution, StringComparison.Ordinal);
        Assert.Contains($"{guid}.Release|Any CPU.ActiveCfg", solution, StringComparison.Ordinal);
        Assert.DoesNotContain($"{guid}.Release|Any CPU.Build.0", solution, StringComparison.Ordinal);
    }

    // What the sample refers to, and what that refers to.
    private static Dictionary<string, Version> AssembliesOf(string sample)
    {
        var found = new Dictionary<string, Version>();
        using ModuleDefinition module = DeviceAssemblies.Read(sample);
        var waiting = new Queue<AssemblyNameReference>(module.AssemblyReferences);
        while (waiting.TryDequeue(out AssemblyNameReference? reference))
        {
            if (found.TryAdd(reference.Name, reference.Version))
            {
                foreach (AssemblyNameReference further in module.AssemblyResolver.Resolve(reference).MainModule.AssemblyReferences)
                {
                    waiting.Enqueue(further);
                }
            }
        }

        return found;
    }

    private static string PackageOf(string assembly) => assembly switch
    {
        "mscorlib" => "nanoFramework.CoreLibrary",
        _ when assembly.StartsWith("System.", StringComparison.Ordinal) => $"nanoFramework.{assembly}",
        _ => assembly,
    };

    private static IEnumerable<XElement> Elements(string sample, string file, string name) =>
        XDocument.Load(Repository.PathOf($"firmware/{DeviceAssemblies.FolderOf(sample)}/{file}")).Descendants().Where(element => element.Name.LocalName == name);
}
