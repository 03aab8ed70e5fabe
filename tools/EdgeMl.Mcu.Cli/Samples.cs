using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli;

/// <summary>Runs models with progress on the terminal.</summary>
internal static class Samples
{
    /// <summary>Runs samples; see <see cref="ModelRunner.RunAll"/>.</summary>
    public static SampleSet[] Run(ModelRunner runner, IReadOnlyList<SampleSet> inputs, Terminal terminal)
    {
        using var progress = new ProgressLine(terminal, "Running", inputs[0].Count);
        return runner.RunAll(inputs, progress.Step, terminal.Cancellation);
    }
}
