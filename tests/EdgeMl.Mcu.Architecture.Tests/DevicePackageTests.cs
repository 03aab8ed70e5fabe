using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests;

/// <summary>The nanoFramework packages and Visual Studio projects of the device assemblies are in step with their SDK projects.</summary>
public class DevicePackageTests
{
    private const string CoreLibrary = "nanoFramework.CoreLibrary";
    private const string CoreLibraryVersion = "1.17.11";
    private const string Device = "netnano1.0";
    private const string Host = "net10.0";

    public static TheoryData<string> Packages => [.. SourceTree.Files.Where(path => path.EndsWith(".nuspec", StringComparison.Ordinal)).Select(path => Path.GetFileNameWithoutExtension(path))];

    [Fact]
    public void Every_device_assembly_but_the_application_is_a_package() =>
        Assert.Equal(
            ["EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link", "EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Native", "EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Typed"],
            Packages.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_names_the_files_and_dependencies_of_its_project(string name)
    {
        XElement nuspec = Load($"firmware/{name}/{name}.nuspec");
        string[] references = ReferencesOf(name, "csproj");
        string[] own = [.. references.Select(reference => $"{reference} [$version$]")];
        bool isDual = IsDual(name);

        Assert.Equal(name, Child(nuspec, "id"));
        Assert.Equal("$version$", Child(nuspec, "version"));
        Assert.Equal("MIT", Child(nuspec, "license"));
        Assert.Equal([$"{CoreLibrary} {CoreLibraryVersion}", .. own], DependenciesOf(nuspec, Device));
        Assert.Equal(own, DependenciesOf(nuspec, Host));
        Assert.Equal(
            [
                .. new[] { "dll", "pdb", "pdbx", "pe", "xml" }.Select(extension => $"$nano${name}.{extension} -> lib/{Device}/"),
                .. isDual ? new[] { "dll", "pdb", "xml" }.Select(extension => $"$host${name}.{extension} -> lib/{Host}/") : [$"../_._ -> lib/{Host}/_._"],
                "../README.md -> docs/",
            ],
            Named(nuspec, "file").Select(file => $"{file.Attribute("src")!.Value} -> {file.Attribute("target")!.Value}".Replace('\\', '/')));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_project_for_Visual_Studio_has_the_same_references_and_the_package_of_the_class_library(string name)
    {
        XElement project = Load($"firmware/{name}/{name}.nfproj");

        Assert.Equal(ReferencesOf(name, "csproj"), ReferencesOf(name, "nfproj"));
        XElement package = Assert.Single(Named(Load($"firmware/{name}/packages.config"), "package"));
        Assert.Equal((CoreLibrary, CoreLibraryVersion, Device), (package.Attribute("id")!.Value, package.Attribute("version")!.Value, package.Attribute("targetFramework")!.Value));
        Assert.Equal($@"..\..\packages\{CoreLibrary}.{CoreLibraryVersion}\lib\mscorlib.dll", Assert.Single(Named(project, "HintPath")).Value);
        string guid = Child(project, "ProjectGuid");
        string solution = File.ReadAllText(Repository.PathOf("EdgeMl.Mcu.sln"));
        Assert.Contains($"= \"{name}\", \"firmware\\{name}\\{name}.nfproj\", \"{guid}\"", solution, StringComparison.Ordinal);
        Assert.Contains($"{guid}.Release|Any CPU.ActiveCfg", solution, StringComparison.Ordinal);
        Assert.DoesNotContain($"{guid}.Release|Any CPU.Build.0", solution, StringComparison.Ordinal);
    }

    [Fact]
    public void The_project_for_Visual_Studio_compiles_all_sources_of_its_folder()
    {
        const string Folder = "firmware/EdgeMl.Mcu.Agent/";

        ProcessResult evaluated = DotnetCommand.Run(Repository.Root, new Dictionary<string, string?>(), "msbuild", $"{Folder}EdgeMl.Mcu.Agent.nfproj", "-getItem:Compile", "-p:Configuration=Release");

        Assert.True(evaluated.ExitCode == 0, evaluated.Output);
        using JsonDocument items = JsonDocument.Parse(evaluated.Output);
        string[] compiled = [.. items.RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!.Replace('\\', '/'))];
        string[] sources = [.. SourceTree.Files.Where(path => path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)).Select(path => path[Folder.Length..])];
        Assert.Equal([.. sources, "obj/nano/Release/AssemblyVersion.cs"], compiled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Packages_ask_for_the_class_library_whose_signatures_the_device_code_is_compiled_against()
    {
        using var signatures = Mono.Cecil.ModuleDefinition.ReadModule(SubsetBuilds.NanoReference);
        Assert.Equal(CoreLibraryVersion, signatures.Assembly.Name.Version.ToString(3));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_device_assembly_has_the_version_of_the_packages(string name)
    {
        using var module = Mono.Cecil.ModuleDefinition.ReadModule(SubsetBuilds.PathOf(name, name));
        string version = Child(Load("Version.props"), "VersionPrefix");

        Assert.Equal($"{version}.0", module.Assembly.Name.Version.ToString());
        Assert.All(
            module.AssemblyReferences.Where(reference => reference.Name.StartsWith("EdgeMl.Mcu.", StringComparison.Ordinal)),
            reference => Assert.Equal($"{version}.0", reference.Version.ToString()));
    }

    [Fact]
    public void The_version_stands_in_one_place() =>
        Assert.Equal(
            ["Version.props"],
            SourceTree.TextFiles.Where(path => Path.GetExtension(path) is ".props" or ".targets" or ".csproj" or ".nfproj")
                .Where(path => Regex.IsMatch(File.ReadAllText(Repository.PathOf(path)), "<(Version|VersionPrefix|AssemblyVersion|PackageVersion)>")));

    private static bool IsDual(string name) => Child(Load($"firmware/{name}/{name}.csproj"), "TargetFrameworks").Split(';').Contains(Host);

    private static string[] ReferencesOf(string name, string extension) =>
        [.. Named(Load($"firmware/{name}/{name}.{extension}"), "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Order(StringComparer.Ordinal)];

    private static string[] DependenciesOf(XElement nuspec, string framework) =>
        [.. Named(Named(nuspec, "group").Single(group => group.Attribute("targetFramework")!.Value == framework), "dependency").Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}")];

    private static string Child(XElement root, string name) => Named(root, name).Single().Value;

    private static IEnumerable<XElement> Named(XElement root, string name) => root.Descendants().Where(element => element.Name.LocalName == name);

    private static XElement Load(string path) => XDocument.Load(Repository.PathOf(path)).Root!;
}
