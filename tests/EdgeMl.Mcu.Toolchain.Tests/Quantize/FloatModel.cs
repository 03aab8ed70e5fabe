using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import.Onnx;
using EdgeMl.Mcu.Toolchain.Passes;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

/// <summary>A classifier of the shared test data with its training and test samples.</summary>
internal sealed class FloatModel
{
    private readonly string _folder;

    public FloatModel(string name)
    {
        _folder = SharedData.File("float", name);
        Graph = OnnxImporter.Import(File.ReadAllBytes(Path.Combine(_folder, name + ".onnx")), name);
        PassPipeline.Run(Graph);
        Training = Read("x_train.npy");
        Test = Read("x_test.npy");
        Labels = ReadLabels("y_test.npy");
        TrainingLabels = ReadLabels("y_train.npy");
    }

    public ModelGraph Graph { get; }

    /// <summary>Training samples in the graph's layout.</summary>
    public float[][][] Training { get; }

    /// <summary>Test samples in the graph's layout.</summary>
    public float[][][] Test { get; }

    /// <summary>Class of each test sample.</summary>
    public int[] Labels { get; }

    /// <summary>Class of each training sample.</summary>
    public int[] TrainingLabels { get; }

    /// <summary>Number of test samples for which the largest output (the first of equal ones) is at the label.</summary>
    public int Correct(IEnumerable<float[]> outputs) =>
        outputs.Zip(Labels).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second);

    private int[] ReadLabels(string file) =>
        [.. NpyReader.Parse(File.ReadAllBytes(Path.Combine(_folder, file)), file).ToDoubles().Select(label => (int)label)];

    private float[][][] Read(string file)
    {
        SampleSet samples = SampleFile.Read(Path.Combine(_folder, file), Graph.Inputs[0], raw: false);
        return [.. Enumerable.Range(0, samples.Count)
            .Select(i => new[] { PortLayout.ToDevice<float>(Graph.Inputs[0], (float[])samples.Sample(i)) })];
    }
}
