using System.Text.Json;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Testing;

/// <summary>A model with one operator, its inputs, and the outputs of the TensorFlow Lite Micro reference kernels.</summary>
/// <param name="Name">Name of the case, which is its folder's.</param>
/// <param name="Operator">The operator in TensorFlow Lite's spelling.</param>
/// <param name="SampleCount">Number of samples.</param>
/// <param name="InputFiles">One file an input.</param>
/// <param name="OutputFiles">One file an output.</param>
/// <param name="CarriesState">Whether the samples are steps of one stream that recurrent layers remember.</param>
public sealed record GoldenCase(string Name, string Operator, int SampleCount, IReadOnlyList<string> InputFiles, IReadOnlyList<string> OutputFiles, bool CarriesState)
{
    /// <summary>All cases; none where the shared data is missing.</summary>
    public static IReadOnlyList<GoldenCase> All { get; } = SharedData.IsAvailable ? Read() : [];

    /// <summary>Path of the model.</summary>
    public string ModelPath => SharedData.File("golden", "ops", Name, "model.tflite");

    /// <summary>Runs all samples and gives the number of output elements that are not, bit for bit, the expected ones.</summary>
    public int Mismatches(ModelRunner runner)
    {
        int mismatches = 0;
        if (CarriesState && runner is DeviceModelRunner device)
            runner = new DeviceModelRunner(device.Model, Name) { CarriesState = true };
        Array[] inputs = [.. InputFiles.Select((file, i) => Values(file, runner.Inputs[i]))];
        Array[] expected = [.. OutputFiles.Select((file, i) => Values(file, runner.Outputs[i]))];
        for (int sample = 0; sample < SampleCount; sample++)
        {
            IReadOnlyList<Array> actual = runner.Run([.. inputs.Select(values => Sample(values, sample))]);
            for (int i = 0; i < expected.Length; i++)
                mismatches += Differences(Sample(expected[i], sample), actual[i]);
        }
        return mismatches;
    }

    private Array Sample(Array all, int sample)
    {
        int length = all.Length / SampleCount;
        var values = Array.CreateInstance(all.GetType().GetElementType()!, length);
        Array.Copy(all, sample * length, values, 0, length);
        return values;
    }

    private Array Values(string file, GraphPort port)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.File("golden", "ops", Name, file));
        Array values = SampleSet.NewArray(port.Tensor.Type, bytes.Length / port.Tensor.Type.Size());
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }

    private static int Differences(Array expected, Array actual)
    {
        if (expected.Length != actual.Length || expected.GetType() != actual.GetType())
            return Math.Max(expected.Length, 1);
        return Enumerable.Range(0, expected.Length).Count(i => !expected.GetValue(i)!.Equals(actual.GetValue(i)));
    }

    private static List<GoldenCase> Read()
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedData.File("golden", "ops", "index.json")));
        static string[] Files(JsonElement tensors) => [.. tensors.EnumerateArray().Select(tensor => tensor.GetProperty("file").GetString()!)];
        return [.. index.RootElement.GetProperty("cases").EnumerateArray().Select(item => new GoldenCase(
            item.GetProperty("name").GetString()!,
            item.GetProperty("op").GetString()!,
            item.GetProperty("n").GetInt32(),
            Files(item.GetProperty("inputs")),
            Files(item.GetProperty("outputs")),
            item.TryGetProperty("stateful", out JsonElement stateful) && stateful.GetString()!.StartsWith("state carries over", StringComparison.Ordinal)))];
    }
}
