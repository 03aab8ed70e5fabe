using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints which assemblies of the runtime a model needs on the device.</summary>
internal static class RuntimeAssembliesText
{
    /// <summary>The assemblies, and what the application calls before it loads the model.</summary>
    public static string Line(IReadOnlyList<string> assemblies)
    {
        string[] installers = [.. assemblies.Select(KernelAssemblies.InstallerOf).OfType<string>().Select(method => $"{method}()")];
        string calls = installers.Length == 0 ? "" : $"; call {string.Join(" and ", installers)} before the model is loaded";
        return $"needs {string.Join(", ", assemblies)}{calls}";
    }
}
