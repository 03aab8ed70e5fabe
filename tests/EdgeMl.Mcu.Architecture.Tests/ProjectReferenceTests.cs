using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Architecture.Tests;

public class ProjectReferenceTests
{
    private const string ReferenceFolder = "firmware/EdgeMl.Mcu.NanoReference/";

    /// <summary>Every project outside tests, and the projects that it may refer to. An arrow that is not here is not allowed.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["EdgeMl.Mcu.Runtime"] = [],
        ["EdgeMl.Mcu.Runtime.Packed"] = ["EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Runtime.Typed"] = ["EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Runtime.Native"] = ["EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Agent"] = ["EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Link"] = ["EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Device"] = ["EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link", "EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Typed", "EdgeMl.Mcu.Runtime.Native"],
        ["EdgeMl.Mcu.Toolchain"] = ["EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Metering"] = [],
        ["EdgeMl.Mcu.KernelGenerator"] = [],
        ["EdgeMl.Mcu.Mqtt"] = [],
        ["EdgeMl.Mcu.Mqtt.MqttNet"] = ["EdgeMl.Mcu.Mqtt"],
        ["EdgeMl.Mcu.Ota"] = ["EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Runtime"],
        ["EdgeMl.Mcu.Relay"] = ["EdgeMl.Mcu.Mqtt", "EdgeMl.Mcu.Ota", "EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Toolchain"],
        ["EdgeMl.Mcu.Bench"] = ["EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link", "EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Mqtt", "EdgeMl.Mcu.Ota", "EdgeMl.Mcu.Metering"],
        ["EdgeMl.Mcu.Cli"] =
        [
            "EdgeMl.Mcu.Toolchain", "EdgeMl.Mcu.Mqtt", "EdgeMl.Mcu.Mqtt.MqttNet", "EdgeMl.Mcu.Ota",
            "EdgeMl.Mcu.Metering", "EdgeMl.Mcu.Relay", "EdgeMl.Mcu.Bench", "EdgeMl.Mcu.Device",
        ],
    };

    public static TheoryData<string> Projects =>
        [.. new[] { "firmware", "tools" }.SelectMany(folder => ProjectsUnder(folder)).Where(path => !IsSample(path) && !IsReference(path))];

    public static TheoryData<string> ReferenceProjects => [.. ProjectsUnder("firmware").Where(IsReference)];

    public static TheoryData<string> DeviceProjects => [.. ProjectsUnder("firmware")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_the_design_allows(string path)
    {
        string project = Path.GetFileNameWithoutExtension(path);

        Assert.True(Arrows.TryGetValue(project, out string[]? allowed), $"{project} is not in the table of allowed arrows");
        Assert.Empty(ReferencesOf(path).Except(allowed!));
    }

    [Theory]
    [MemberData(nameof(DeviceProjects))]
    public void A_device_project_uses_no_packages(string path) => Assert.Empty(ItemsOf(path, "PackageReference"));

    [Theory]
    [MemberData(nameof(ReferenceProjects))]
    public void Signatures_refer_only_to_other_signatures(string path) =>
        Assert.Empty(ReferencesOf(path).Except(SubsetBuilds.NanoReferenceNames));

    [Fact]
    public void Only_the_subset_build_refers_to_signatures_of_nanoFramework()
    {
        string[] all = [.. ProjectsUnder("firmware").Where(path => !IsReference(path)), .. ProjectsUnder("tools")];

        Assert.Empty(all.SelectMany(ReferencesOf).Intersect(SubsetBuilds.NanoReferenceNames));
        Assert.Contains("mscorlib", ReferencesOf("firmware/Nano.props"));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("EdgeMl.Mcu.sln")).Replace('\\', '/');
        string[] all = [.. ProjectsUnder("firmware"), .. ProjectsUnder("tools"), .. ProjectsUnder("tests")];

        Assert.Empty(all.Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    private static bool IsReference(string path) => path.StartsWith(ReferenceFolder, StringComparison.Ordinal);

    private static bool IsSample(string path) => path.StartsWith("firmware/samples/", StringComparison.Ordinal);

    private static IEnumerable<string> ProjectsUnder(string folder) =>
        SourceTree.Files.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal));

    // A project that is only built, for its file, is no reference.
    private static IEnumerable<string> ReferencesOf(string path) =>
        ElementsOf(path, "ProjectReference").Where(element => (string?)element.Attribute("ReferenceOutputAssembly") != "false")
            .Select(element => Path.GetFileNameWithoutExtension(IncludeOf(element).Replace('\\', '/')));

    private static IEnumerable<string> ItemsOf(string path, string item) => ElementsOf(path, item).Select(IncludeOf);

    private static IEnumerable<XElement> ElementsOf(string path, string item) => XDocument.Load(Repository.PathOf(path)).Descendants(item);

    private static string IncludeOf(XElement element) => (string?)element.Attribute("Include") ?? string.Empty;
}
