using EdgeMl.Mcu.Cli.Output.Fleet;
using EdgeMl.Mcu.Toolchain.Evaluate;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints what the demo found.</summary>
internal static class DemoText
{
    /// <summary>Prints the comparison, a few digits and what to try next.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="trials">The models.</param>
    /// <param name="pixels">Ink of all held-out digits, 0 to 1, digit by digit and row by row.</param>
    /// <param name="labels">What the digits show.</param>
    /// <param name="fleet">What happened to the fleet.</param>
    /// <param name="files">The files that were written.</param>
    public static void Print(Terminal terminal, IReadOnlyList<QuantizationTrial> trials, float[] pixels, int[] labels, FleetDemoReport fleet, string[] files)
    {
        terminal.Output.WriteLine("Handwritten digits, 8x8 pixels: from a float ONNX model to int8 on the device runtime");
        terminal.Output.WriteLine($"calibrated on {trials[0].CalibrationSamples:N0} training samples, measured on {labels.Length} held-out ones");
        terminal.Output.WriteLine();
        terminal.Draw(Comparison(trials));
        terminal.Output.WriteLine();
        DigitDrawing.Print(terminal, trials[0], pixels, labels);
        terminal.Output.WriteLine($"Updates over the air: {fleet.Devices} virtual devices, signed models, over real MQTT through relay and broker in this process");
        terminal.Output.WriteLine();
        terminal.Draw(Rollouts(fleet));
        terminal.Output.WriteLine();
        foreach (FleetDemoVersion version in fleet.Running)
            terminal.Output.WriteLine($"{version.Devices} of {fleet.Devices} devices run {version.Version}");
        terminal.Output.WriteLine();
        foreach (string file in files)
            terminal.Output.WriteLine($"wrote {file}");
        terminal.Output.WriteLine("Next, with a model of your own:  edgeml quantize model.onnx -o model.emlm --calibration samples.npy");
    }

    private static Table Rollouts(FleetDemoReport fleet)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("rollout", "stages", "end");
        foreach (string title in new[] { "updated", "failed", "untouched" })
            table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumn("the devices say");
        foreach (FleetDemoRollout rollout in fleet.Rollouts)
        {
            table.AddRow(
                Markup.Escape($"{rollout.Model}@{rollout.Version}, {rollout.Bytes:N0} bytes"), $"{rollout.Stages}", RolloutText.State(rollout.State), $"{rollout.Succeeded}", $"{rollout.Failed}", $"{rollout.Untouched}", Markup.Escape(rollout.Error ?? ""));
        }
        return table;
    }

    private static Table Comparison(IReadOnlyList<QuantizationTrial> trials)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (QuantizationTrial trial in trials)
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(trial.Model)}[/]").RightAligned());
        Add(table, trials, "float accuracy", trial => Accuracy(trial.Real));
        Add(table, trials, "int8 accuracy", trial => $"[green]{Accuracy(trial.Quantized)}[/]");
        Add(table, trials, "same answer", trial => $"{trial.Agreement} of {trial.Quantized.Total}");
        Add(table, trials, "ONNX file", trial => $"{trial.SourceBytes:N0} bytes");
        Add(table, trials, "device file (.emlm)", trial => $"{trial.DeviceFile.Length:N0} bytes");
        Add(table, trials, "arena", trial => $"{trial.ArenaBytes:N0} bytes");
        Add(table, trials, "its lower bound", trial => $"{trial.ArenaLowerBoundBytes:N0} bytes");
        Add(table, trials, "kernel scratch", trial => $"{trial.ScratchBytes:N0} bytes");
        return table;
    }

    private static void Add(Table table, IReadOnlyList<QuantizationTrial> trials, string name, Func<QuantizationTrial, string> value) =>
        table.AddRow([name, .. trials.Select(value)]);

    private static string Accuracy(AccuracyReport report) => $"{100 * report.Accuracy:F2} % ({report.Correct} of {report.Total})";
}
