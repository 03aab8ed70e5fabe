using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>What <c>demo --json</c> prints.</summary>
internal sealed record DemoDocument(IReadOnlyList<DemoModel> Models, FleetDemoReport Fleet)
{
    /// <summary>The document of the demo's models.</summary>
    public static DemoDocument Of(IEnumerable<QuantizationTrial> trials, FleetDemoReport fleet) => new([.. trials.Select(trial => new DemoModel(
        trial.Model, trial.Real.Accuracy, trial.Quantized.Accuracy, trial.Real.Correct, trial.Quantized.Correct, trial.Quantized.Total, trial.Agreement,
        trial.CalibrationSamples, trial.SourceBytes, trial.DeviceFile.Length, trial.ArenaBytes, trial.ArenaLowerBoundBytes, trial.ScratchBytes))], fleet);
}

/// <summary>A model of the demo, before and after quantisation.</summary>
internal sealed record DemoModel(
    string Model, double FloatAccuracy, double Int8Accuracy, int FloatCorrect, int Int8Correct, int Total, int Agreement,
    int CalibrationSamples, int SourceBytes, int FileBytes, int ArenaBytes, int ArenaLowerBoundBytes, int ScratchBytes);
