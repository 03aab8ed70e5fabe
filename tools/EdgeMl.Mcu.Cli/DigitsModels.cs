using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli;

/// <summary>The models and samples of <c>models/digits</c>, which the program carries with it.</summary>
internal static class DigitsModels
{
    /// <summary>Rows and columns of a digit.</summary>
    public const int Side = 8;

    private const double UpdateSparsity = 0.2;

    /// <summary>Names of the models.</summary>
    public static IReadOnlyList<string> Names { get; } = ["digits_cnn", "digits_mlp"];

    /// <summary>A float model.</summary>
    public static ModelFile Model(string name) => ModelFile.Parse(Read($"{name}.onnx"), $"{name}.onnx");

    /// <summary>The device model of a float model, calibrated on the training samples.</summary>
    public static ModelFile Quantized(string name, CancellationToken cancellation)
    {
        ModelFile source = Model(name);
        QuantizationResult result = PostTrainingQuantizer.Quantize(source.Graph!, CalibrationSamples.ToGraphLayout([TrainingSamples(source)]), cancellation: cancellation);
        return ModelFile.Parse(EmlmCompiler.Compile(result.Graph).Bytes, name + ".emlm");
    }

    /// <summary>A device model without a fifth of its weights, which is the update of the demo.</summary>
    public static byte[] Pruned(ModelFile device, CancellationToken cancellation)
    {
        SampleSet[] samples = [TrainingSamples(Model(device.Name))];
        return DevicePruner.Prune(device.Device!, device.Content, CalibrationSamples.ToGraphLayout(samples), new PruningOptions { Sparsity = UpdateSparsity }, null, cancellation).Model;
    }

    /// <summary>The samples to calibrate on.</summary>
    public static SampleSet TrainingSamples(ModelFile model) => Samples(model, "x_train.npy");

    /// <summary>The samples that took no part in training.</summary>
    public static SampleSet HeldOutSamples(ModelFile model) => Samples(model, "x_test.npy");

    /// <summary>The digit that each held-out sample shows.</summary>
    public static int[] HeldOutLabels() => Array.ConvertAll(NpyReader.Parse(Read("y_test.npy"), "y_test.npy").ToDoubles(), v => (int)v);

    private static SampleSet Samples(ModelFile model, string file) => SampleFile.Parse(Read(file), file, DataFormat.Npy, model.Graph!.Inputs[0], raw: false);

    private static byte[] Read(string file)
    {
        using Stream stream = typeof(DigitsModels).Assembly.GetManifestResourceStream($"digits/{file}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
