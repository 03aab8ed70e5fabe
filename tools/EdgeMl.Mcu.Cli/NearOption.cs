using System.CommandLine;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli;

/// <summary>The option <c>--near</c> of verbs whose result can stay close to a model that devices have.</summary>
internal static class NearOption
{
    /// <summary>The option.</summary>
    /// <param name="kept">What stays the base's.</param>
    public static Option<string?> Create(string kept) => new("--near")
    {
        Description = $"A device model (.emlm) to stay close to, so that the update is small: {kept} stay its own as far as the calibration samples show no loss.",
        HelpName = "BASE.emlm",
    };

    /// <summary>The base; null where none is given.</summary>
    public static BaseModel? Open(string? path) => path is null ? null : BaseModel.Open(path);
}
