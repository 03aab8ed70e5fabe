using System.Diagnostics;

namespace EdgeMl.Mcu.Testing;

/// <summary>The .NET SDK's own commands.</summary>
public static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command to its end; what it starts ends with it.</summary>
    /// <param name="folder">Working folder.</param>
    /// <param name="environment">Environment variables; null takes one away.</param>
    /// <param name="arguments">The command, as in <c>dotnet pack</c>.</param>
    public static ProcessResult Run(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        return ProcessResult.Run(start, Limit);
    }

    /// <summary>Packs a project that has been built in the configuration of the running tests.</summary>
    /// <param name="project">Path of the project's folder below the repository's root.</param>
    /// <param name="output">Takes the package.</param>
    /// <param name="environment">As for <see cref="Run"/>.</param>
    /// <param name="properties">Further arguments.</param>
    public static ProcessResult Pack(string project, string output, IReadOnlyDictionary<string, string?> environment, params string[] properties) =>
        Run(Repository.Root, environment, ["pack", Repository.PathOf(project), "--no-build", "--no-restore", "-c", SubsetBuilds.Configuration, "-o", output, "-v", "q", .. properties]);
}
