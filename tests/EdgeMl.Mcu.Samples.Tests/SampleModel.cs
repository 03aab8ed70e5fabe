using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Import;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Samples.Tests;

/// <summary>A model of a sample, quantised as <c>edgeml quantize</c> does it, and the data beside it.</summary>
internal sealed class SampleModel
{
    private readonly string _folder;
    private readonly Lazy<byte[]> _file;

    private SampleModel(string name)
    {
        _folder = Repository.PathOf($"models/{name}");
        _file = new Lazy<byte[]>(() => Compile(name));
    }

    public static SampleModel LightWave { get; } = new("light_wave");

    public static SampleModel Gesture { get; } = new("gesture");

    public static SampleModel Vibration { get; } = new("vibration");

    /// <summary>The device model (.emlm).</summary>
    public byte[] File => _file.Value;

    /// <summary>The device model on the host's runtime.</summary>
    public Model Load() => Model.Load(File);

    /// <summary>The numbers of a data file, in its own type.</summary>
    public T[] Read<T>(string file) => (T[])NpyReader.Parse(DataFile.ReadAllBytes(Path.Combine(_folder, file)), file).Values;

    /// <summary>The numbers of a data file, cut into rows.</summary>
    public T[][] ReadRows<T>(string file, int length) => [.. Read<T>(file).Chunk(length)];

    private byte[] Compile(string name)
    {
        ModelGraph graph = ModelLoader.Load(Path.Combine(_folder, name + ".onnx"));
        SampleSet calibration = SampleFile.Read(Path.Combine(_folder, "x_train.npy"), graph.Inputs[0], raw: false);
        return EmlmCompiler.Compile(PostTrainingQuantizer.Quantize(graph, CalibrationSamples.ToGraphLayout([calibration])).Graph).Bytes;
    }
}
