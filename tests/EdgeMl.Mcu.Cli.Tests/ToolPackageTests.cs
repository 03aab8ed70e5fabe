using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>The command line as a .NET tool: packed, installed without any feed, and run where no repository is.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private const string Package = "EdgeMl.Mcu.Cli";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string?> Environment = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tool_installs_from_its_package_and_runs_without_the_repository()
    {
        ProcessResult packed = DotnetCommand.Pack("tools/EdgeMl.Mcu.Cli", _folder.File("feed"), Environment);
        Assert.True(packed.ExitCode == 0, packed.Output);
        CheckContent(Path.Combine(_folder.File("feed"), $"{Package}.{Verbs.VersionVerb.Text}.nupkg"));

        string configuration = _folder.Write("nuget.config", $"<configuration><packageSources><clear /><add key=\"feed\" value=\"{_folder.File("feed")}\" /></packageSources></configuration>");
        ProcessResult installed = DotnetCommand.Run(_folder.Path, Environment, "tool", "install", "--tool-path", _folder.File("bin"), "--configfile", configuration, Package);
        Assert.True(installed.ExitCode == 0, installed.Output);

        Assert.Equal(Verbs.VersionVerb.Text, Run("version").Trim());
        using JsonDocument boards = JsonDocument.Parse(Run("plan", "--list", "--json"));
        Assert.NotEqual(0, boards.RootElement.GetArrayLength());
        Assert.Contains("20 of 20 devices run digits@1.1", Run("demo"), StringComparison.Ordinal);
        string model = _folder.Write("digits.emlm", CompiledModels.Get("digits_cnn").Bytes);
        Assert.Contains("EdgeMl.Mcu.Runtime.Packed", Run("plan", model, "--board", "ESP32"), StringComparison.Ordinal);
    }

    private static void CheckContent(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream nuspec = archive.GetEntry($"{Package}.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal((Package, Verbs.VersionVerb.Text, "MIT", "README.md"), (Value("id"), Value("version"), Value("license"), Value("readme")));
        Assert.Contains("nanoFramework", Value("tags"), StringComparison.Ordinal);
        Assert.NotNull(Value("description"));
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", names);
        Assert.Contains("tools/net10.0/any/edgeml.dll", names);
        Assert.Contains("tools/net10.0/any/runtimes/linux-x64/native/libe_sqlite3.so", names);
        Assert.DoesNotContain(names, name => name.Contains("runtimes/ios", StringComparison.Ordinal) || name.EndsWith("Tests.dll", StringComparison.Ordinal));
    }

    private string Run(params string[] arguments)
    {
        string program = Path.Combine(_folder.File("bin"), OperatingSystem.IsWindows() ? "edgeml.exe" : "edgeml");
        ProcessResult result = ProcessResult.Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true }, Limit);
        Assert.True(result.ExitCode == 0, result.Output);
        return result.Output;
    }
}
