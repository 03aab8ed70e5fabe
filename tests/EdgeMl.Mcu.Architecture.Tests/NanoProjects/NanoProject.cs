using System.Security.Cryptography;
using System.Text;

namespace EdgeMl.Mcu.Architecture.Tests.NanoProjects;

/// <summary>The device application of one board as nanoFramework's extension for Visual Studio builds it: <c>.nfproj</c> and <c>packages.config</c> in a folder of its own.</summary>
/// <param name="Name">Name of project and assembly.</param>
/// <param name="Source">The device project whose sources it compiles, a folder below <c>firmware</c>.</param>
/// <param name="Projects">Names of the projects that it refers to.</param>
/// <param name="Libraries">nanoFramework assemblies that its sources use beside mscorlib; what those refer to comes along.</param>
internal sealed record NanoProject(string Name, string Source, string[] Projects, string[] Libraries)
{
    /// <summary>Folder of the projects below the repository's root.</summary>
    public const string Folder = "firmware/nanoFramework";

    /// <summary>Project type of nanoFramework's extension.</summary>
    public const string ProjectType = "11A8DD76-328B-46DF-9F39-F559912D0360";

    private const string PublicKeyToken = "c07d481e9758c731";

    private static readonly string[] EveryNetworkLibrary =
    [
        "nanoFramework.Hardware.Esp32", "nanoFramework.M2Mqtt", "nanoFramework.M2Mqtt.Core", "System.Device.Wifi", "System.IO.FileSystem", "System.Net", "System.Threading",
    ];

    /// <summary>Sources of <see cref="Source"/> that are left out: paths, or folders with a / at their end.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>All projects, one for each board or family of boards.</summary>
    public static IReadOnlyList<NanoProject> All { get; } =
    [
        Device("Esp32", [.. EveryNetworkLibrary], "Hardware/Stm32/", "Hardware/Network/EthernetNetwork.cs"),
        Device("Stm32F769", ["nanoFramework.Hardware.Stm32", .. EveryNetworkLibrary.Except(["nanoFramework.Hardware.Esp32", "System.Device.Wifi"])],
            "Hardware/Esp32/", "Hardware/Network/WifiNetwork.cs", "Hardware/Stm32/Stm32F429Board.cs", "Hardware/Stm32/Stm32F429Program.cs"),
        Device("Stm32F429", [],
            "Hardware/Esp32/", "Hardware/Network/", "Hardware/Common/DriveBoard.cs", "Hardware/Stm32/Stm32F769Board.cs", "Hardware/Stm32/Stm32F769Program.cs",
            "Storage/DriveFiles.cs", "Storage/DriveSource.cs", "Storage/DriveStore.cs"),
    ];

    /// <summary>The sources that it compiles, below the repository's root.</summary>
    public IEnumerable<string> Sources => SourceTree.Files
        .Where(path => path.StartsWith($"firmware/{Source}/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
        .Where(path => !Without.Any(left => path[$"firmware/{Source}/".Length..] is var inside && (left.EndsWith('/') ? inside.StartsWith(left, StringComparison.Ordinal) : inside == left)))
        .Order(StringComparer.Ordinal);

    /// <summary>The nanoFramework assemblies that it refers to, with what those refer to.</summary>
    public IEnumerable<NanoPackage> Packages => NanoPackage.Closure(["mscorlib", .. Libraries]);

    /// <summary>Path of a file of the project below the repository's root.</summary>
    public string PathOf(string file) => $"{Folder}/{Name}/{file}";

    /// <summary>A GUID that follows from the name.</summary>
    public string Guid => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Name)).AsSpan(0, 16)).ToString().ToUpperInvariant();

    /// <summary>Content of <c>packages.config</c>.</summary>
    public string PackagesConfig()
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<packages>\n");
        foreach (IGrouping<string, NanoPackage> package in Packages.GroupBy(package => package.Id).OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase))
            text.Append($"  <package id=\"{package.Key}\" version=\"{package.First().Version}\" targetFramework=\"netnano1.0\" />\n");
        return text.Append("</packages>\n").ToString();
    }

    /// <summary>Content of the <c>.nfproj</c>.</summary>
    public string ProjectFile()
    {
        var text = new StringBuilder();
        text.Append($"""
            <?xml version="1.0" encoding="utf-8"?>
            <!-- Written by NanoProjectTests from the sources and from EdgeMl.Mcu.NanoReference. To write it again: EDGEML_UPDATE_DOCS=1 dotnet test -->
            <Project ToolsVersion="Current" DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
              <Import Project="..\..\NanoProject.props" />
              <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.Default.props')" />
              <PropertyGroup>
                <ProjectGuid>{Braced(Guid)}</ProjectGuid>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.props" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.props')" />
              <ItemGroup>

            """.ReplaceLineEndings("\n"));
        foreach (string path in Sources)
            text.Append($"    <Compile Include=\"{Up(path)}\" Link=\"{path[$"firmware/{Source}/".Length..].Replace('/', '\\')}\" />\n");
        text.Append("  </ItemGroup>\n  <ItemGroup>\n    <None Include=\"packages.config\" />\n  </ItemGroup>\n  <ItemGroup>\n");
        foreach (NanoPackage package in Packages.OrderBy(package => package.Assembly, StringComparer.OrdinalIgnoreCase))
        {
            text.Append($"    <Reference Include=\"{package.Assembly}, Version={package.AssemblyVersion}, Culture=neutral, PublicKeyToken={PublicKeyToken}\">\n");
            text.Append($"      <HintPath>..\\..\\..\\packages\\{package.Id}.{package.Version}\\lib\\{package.Assembly}.dll</HintPath>\n      <Private>True</Private>\n    </Reference>\n");
        }
        text.Append("  </ItemGroup>\n");
        text.Append("  <ItemGroup>\n");
        foreach (string project in Projects)
            text.Append($"    <ProjectReference Include=\"..\\..\\{project}\\{project}.nfproj\" />\n");
        text.Append("  </ItemGroup>\n");
        return text.Append("""
              <Import Project="$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets" Condition="Exists('$(NanoFrameworkProjectSystemPath)NFProjectSystem.CSharp.targets')" />
              <Import Project="..\..\AssemblyVersion.targets" />
            </Project>

            """.ReplaceLineEndings("\n")).ToString();
    }

    private static NanoProject Device(string board, string[] libraries, params string[] without) => new(
        $"EdgeMl.Mcu.Device.{board}", "EdgeMl.Mcu.Device",
        ["EdgeMl.Mcu.Runtime", "EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Typed", "EdgeMl.Mcu.Agent", "EdgeMl.Mcu.Link"],
        ["nanoFramework.Runtime.Native", "System.Device.Adc", "System.Device.I2c", "System.IO.Ports", .. libraries])
    {
        Without = without,
    };

    private static string Braced(string guid) => "{" + guid + "}";

    private static string Up(string path) => @"..\..\" + path["firmware/".Length..].Replace('/', '\\');
}
