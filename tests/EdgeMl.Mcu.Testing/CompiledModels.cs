using System.Collections.Concurrent;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Testing;

/// <summary>Real models as device files: the repository's own, quantised here, and the whole int8 models of the shared data.</summary>
public static class CompiledModels
{
    private static readonly ConcurrentDictionary<string, Lazy<CompiledModel>> Compiled = [];

    /// <summary>Names of the repository's models.</summary>
    public static IReadOnlyList<string> Digits { get; } = ["digits_cnn", "digits_mlp"];

    /// <summary>Names of the int8 models of the shared data; none where it is missing.</summary>
    public static IReadOnlyList<string> Golden { get; } = SharedData.IsAvailable
        ? [.. Directory.EnumerateDirectories(SharedData.File("golden")).Select(folder => Path.GetFileName(folder)!).Where(IsIntegerModel).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Compiles a model once.</summary>
    public static CompiledModel Get(string name) => Compiled.GetOrAdd(name, key => new Lazy<CompiledModel>(() => Compile(key))).Value;

    /// <summary>Compiles a model anew.</summary>
    public static CompiledModel Compile(string name)
    {
        if (!Digits.Contains(name))
            return EmlmCompiler.Compile(ModelLoader.Load(GoldenPath(name)));
        ModelGraph graph = ModelLoader.Load(Repository.PathOf($"models/digits/{name}.onnx"));
        SampleSet calibration = SampleFile.Read(Repository.PathOf("models/digits/x_train.npy"), graph.Inputs[0], raw: false);
        return EmlmCompiler.Compile(PostTrainingQuantizer.Quantize(graph, CalibrationSamples.ToGraphLayout([calibration])).Graph);
    }

    /// <summary>Path of a model of the shared data.</summary>
    public static string GoldenPath(string name) => SharedData.File("golden", name, "model.tflite");

    private static bool IsIntegerModel(string name) => !name.EndsWith("_float", StringComparison.Ordinal) && File.Exists(GoldenPath(name));
}
