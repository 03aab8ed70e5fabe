using EdgeMl.Mcu.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeMl.Mcu.Architecture.Tests.NanoProjects;

/// <summary>The projects for nanoFramework's extension follow from the sources and the signatures, and name what compiles.</summary>
public class NanoProjectTests
{
    public static TheoryData<string> Names => [.. NanoProject.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_names_the_sources_and_packages_that_the_subset_build_has(string name)
    {
        NanoProject project = Find(name);
        if (Environment.GetEnvironmentVariable("EDGEML_UPDATE_DOCS") == "1")
            Directory.CreateDirectory(Repository.PathOf($"{NanoProject.Folder}/{name}"));

        Assert.True(GeneratedDocument.IsCurrent(project.PathOf($"{name}.nfproj"), project.ProjectFile()), GeneratedDocument.HowToUpdate);
        Assert.True(GeneratedDocument.IsCurrent(project.PathOf("packages.config"), project.PackagesConfig()), GeneratedDocument.HowToUpdate);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_compiles_against_the_assemblies_of_its_own_packages_and_no_others(string name)
    {
        NanoProject project = Find(name);
        IEnumerable<MetadataReference> references = project.Packages.Select(package => package.Assembly).Where(SubsetBuilds.NanoReferenceNames.Contains).Select(SubsetBuilds.ReferenceTo)
            .Concat(project.Projects.Select(other => SubsetBuilds.PathOf(other, other))).Select(path => MetadataReference.CreateFromFile(path));
        IEnumerable<SyntaxTree> sources = project.Sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(path)), new CSharpParseOptions(LanguageVersion.CSharp10), path));
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release);

        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(name, sources, references, options).Emit(image, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_project_is_in_the_solution_and_not_built_with_it(string name)
    {
        NanoProject project = Find(name);
        string solution = File.ReadAllText(Repository.PathOf("EdgeMl.Mcu.sln"));

        Assert.Contains($"Project(\"{{{NanoProject.ProjectType}}}\") = \"{name}\", \"{project.PathOf(name + ".nfproj").Replace('/', '\\')}\", \"{{{project.Guid}}}\"", solution, StringComparison.Ordinal);
        Assert.Contains($"{{{project.Guid}}}.Release|Any CPU.ActiveCfg = Release|Any CPU", solution, StringComparison.Ordinal);
        Assert.DoesNotContain($"{{{project.Guid}}}.Debug|Any CPU.Build.0", solution, StringComparison.Ordinal);
        Assert.DoesNotContain($"{{{project.Guid}}}.Release|Any CPU.Build.0", solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_source_of_the_device_application_is_in_a_project() => Assert.Empty(
        SourceTree.Files.Where(path => path.StartsWith("firmware/EdgeMl.Mcu.Device/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Except(NanoProject.All.SelectMany(project => project.Sources)));

    [Fact]
    public void A_library_with_a_native_part_is_only_in_the_application_of_a_board_that_has_it()
    {
        string[] Libraries(string board) => [.. Find("EdgeMl.Mcu.Device." + board).Packages.Select(package => package.Assembly)];

        Assert.DoesNotContain("nanoFramework.Hardware.Stm32", Libraries("Esp32"));
        Assert.Empty(Libraries("Stm32F769").Intersect(["nanoFramework.Hardware.Esp32", "System.Device.Wifi"]));
        Assert.Empty(Libraries("Stm32F429").Intersect(["nanoFramework.Hardware.Esp32", "System.Device.Wifi", "System.Net", "System.IO.FileSystem", "nanoFramework.M2Mqtt"]));
    }

    private static NanoProject Find(string name) => NanoProject.All.First(project => project.Name == name);
}
