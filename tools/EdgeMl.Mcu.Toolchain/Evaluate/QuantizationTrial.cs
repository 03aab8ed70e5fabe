using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Evaluate;

/// <summary>A float classifier, its int8 device model, and how both do on held-out samples.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="CalibrationSamples">Number of samples that it was calibrated on.</param>
/// <param name="Real">Accuracy of the float model on the float executor.</param>
/// <param name="Quantized">Accuracy of the int8 model on the device runtime.</param>
/// <param name="Agreement">Number of held-out samples for which both models name the same class.</param>
/// <param name="RealPredictions">Class of each held-out sample by the float model.</param>
/// <param name="QuantizedPredictions">Class of each held-out sample by the int8 model.</param>
/// <param name="SourceBytes">Size of the float model's file.</param>
/// <param name="DeviceFile">The device model (.emlm).</param>
/// <param name="ArenaBytes">Bytes of activations on the device.</param>
/// <param name="ArenaLowerBoundBytes">Least that any placement needs.</param>
/// <param name="ScratchBytes">Bytes that kernels need beside the arena.</param>
public sealed record QuantizationTrial(
    string Model, int CalibrationSamples, AccuracyReport Real, AccuracyReport Quantized, int Agreement, int[] RealPredictions, int[] QuantizedPredictions,
    int SourceBytes, byte[] DeviceFile, int ArenaBytes, int ArenaLowerBoundBytes, int ScratchBytes)
{
    /// <summary>Quantises a float classifier with one input and evaluates it before and after.</summary>
    /// <param name="source">The float model.</param>
    /// <param name="calibration">Samples for its input to calibrate on.</param>
    /// <param name="heldOut">Other samples to measure on.</param>
    /// <param name="labels">True class of each held-out sample.</param>
    /// <param name="cancellation">Stops between samples.</param>
    /// <exception cref="ToolchainException">The model cannot be quantised, or the data does not fit it.</exception>
    public static QuantizationTrial Run(ModelFile source, SampleSet calibration, SampleSet heldOut, int[] labels, CancellationToken cancellation = default)
    {
        ModelRunner real = source.CreateRunner();
        QuantizationResult result = PostTrainingQuantizer.Quantize(
            source.Graph ?? throw new ToolchainException(ErrorCodes.NotFloatModel, $"'{source.Name}' is a device model already."),
            Evaluate.CalibrationSamples.ToGraphLayout([calibration]), cancellation: cancellation);
        byte[] file = EmlmCompiler.Compile(result.Graph).Bytes;
        Model device = DeviceModelFile.Parse(file, source.Name);
        int classes = real.Outputs[0].SourceShape.ElementCount;
        int[] realPredictions = Classification.Predictions(real.RunAll([heldOut], null, cancellation)[0]);
        var quantized = new DeviceModelRunner(device, source.Name);
        var quantizedInput = new SampleSet(quantized.Inputs[0],
            SampleValues.FromReals(quantized.Inputs[0].Tensor, new NumericArray(new Graph.Shape(heldOut.Values.Length), heldOut.Values), source.Name));
        int[] quantizedPredictions = Classification.Predictions(quantized.RunAll([quantizedInput], null, cancellation)[0]);
        return new QuantizationTrial(
            source.Name, calibration.Count,
            AccuracyReport.Of(source.Name, realPredictions, labels, classes), AccuracyReport.Of(source.Name, quantizedPredictions, labels, classes),
            realPredictions.Zip(quantizedPredictions).Count(pair => pair.First == pair.Second), realPredictions, quantizedPredictions,
            source.Content.Length, file, device.ArenaBytes, DeviceArena.LowerBoundBytes(device, file), device.ScratchBytes);
    }
}
