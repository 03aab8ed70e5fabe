using System.Globalization;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary>The stages of a rollout as they stand on a command line: <c>10%,50%,100%</c> or <c>5,100%</c>.</summary>
internal static class StageList
{
    /// <summary>Reads a list; whether each stage reaches further than the one before, the relay checks.</summary>
    /// <exception cref="UsageException">A part is neither a percentage nor a number.</exception>
    public static IReadOnlyList<RolloutStage> Parse(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Stage)];

    private static RolloutStage Stage(string text)
    {
        if (text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= 100)
            return new RolloutStage { Percent = percent };
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
            return new RolloutStage { Count = count };
        throw new UsageException($"'{text}' is no stage.", "A stage is a percentage or a number of devices: --stages 10%,50%,100% or --stages 5,100%");
    }
}
