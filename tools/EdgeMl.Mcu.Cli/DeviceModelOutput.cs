using System.CommandLine;

namespace EdgeMl.Mcu.Cli;

/// <summary>The <c>-o OUT.emlm</c> of verbs that write a device model.</summary>
internal static class DeviceModelOutput
{
    /// <summary>The option.</summary>
    public static Option<string> Option() => new("--output", "-o") { Description = "The device model to write (.emlm).", HelpName = "OUT.emlm", Required = true };

    /// <summary>The checked path.</summary>
    /// <exception cref="UsageException">Another ending, which no verb would open again.</exception>
    public static string Path(string path) =>
        System.IO.Path.GetExtension(path).Equals(".emlm", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/dev/", StringComparison.Ordinal)
            ? path
            : throw new UsageException($"A device model's name ends in .emlm, and '{path}' does not.");
}
