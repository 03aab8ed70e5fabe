using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Testing;

/// <summary>Test samples that a model classifies correctly at one sparsity.</summary>
/// <param name="Sparsity">Sparsity that was asked for.</param>
/// <param name="Obs">With optimal brain surgeon.</param>
/// <param name="Magnitude">With the smallest weights of each layer removed, as many as optimal brain surgeon removes from it.</param>
public sealed record PruningPoint(double Sparsity, int Obs, int Magnitude);

/// <summary>How well a float classifier of the shared data does on its test samples when it is pruned; calibrated on training samples only.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Total">Number of test samples.</param>
/// <param name="Dense">Test samples that the unpruned model classifies correctly.</param>
/// <param name="Points">By sparsity.</param>
public sealed record PruningCurve(string Model, int Total, int Dense, IReadOnlyList<PruningPoint> Points)
{
    /// <summary>Names of the classifiers.</summary>
    public static IReadOnlyList<string> Models { get; } = ["digits_mlp", "digits_cnn", "har_cnn1d", "wand_digit_cnn1d"];

    /// <summary>The sparsities that are looked at.</summary>
    public static IReadOnlyList<double> Sparsities { get; } = [0.5, 0.7, 0.8, 0.9];

    /// <summary>Prunes a model to all sparsities with both methods.</summary>
    public static PruningCurve Measure(string name, CancellationToken cancellation = default)
    {
        ModelGraph graph = ModelFile.Open(SharedData.File("float", name, name + ".onnx")).Graph!;
        float[][][] training = Read(graph, name, "x_train.npy"), test = Read(graph, name, "x_test.npy");
        int[] labels = LabelFile.ReadClasses(SharedData.File("float", name, "y_test.npy"), graph.Outputs[0].SourceShape.ElementCount);
        return new PruningCurve(name, test.Length, Correct(graph), [.. Sparsities.Select(sparsity =>
            new PruningPoint(sparsity, Pruned(sparsity, PruningMethod.Obs), Pruned(sparsity, PruningMethod.Magnitude)))]);

        int Pruned(double sparsity, PruningMethod method) =>
            Correct(Pruner.Prune(graph, training, new PruningOptions { Sparsity = sparsity, Method = method }, cancellation: cancellation).Graph);

        int Correct(ModelGraph candidate) => new FloatExecutor(candidate).RunBatch(test, cancellation)
            .Zip(labels).Count(pair => Array.IndexOf(pair.First[0], pair.First[0].Max()) == pair.Second);
    }

    private static float[][][] Read(ModelGraph graph, string name, string file) =>
        CalibrationSamples.ToGraphLayout([SampleFile.Read(SharedData.File("float", name, file), graph.Inputs[0], raw: false)]);
}
