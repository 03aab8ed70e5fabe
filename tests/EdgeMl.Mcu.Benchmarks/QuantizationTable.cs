using System.Diagnostics;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Benchmarks;

/// <summary>
/// What quantisation costs on the test samples of the shared float models, by method and bits. Everything is chosen on training samples; the outputs
/// are those of the device runtime.
/// </summary>
internal static class QuantizationTable
{
    private static readonly (string Name, QuantizationJob Job, bool WithLabels)[] Methods =
    [
        ("min/max", new QuantizationJob { Method = CalibrationMethod.MinMax }, false),
        ("percentile", new QuantizationJob { Method = CalibrationMethod.Percentile }, false),
        ("mse", new QuantizationJob { Method = CalibrationMethod.MeanSquaredError }, false),
        ("entropy", new QuantizationJob { Method = CalibrationMethod.Entropy }, false),
        ("auto", new QuantizationJob(), false),
        ("auto, labels", new QuantizationJob(), true),
        ("min/max, 4-bit weights", new QuantizationJob { Method = CalibrationMethod.MinMax, WeightBits = 4 }, false),
        ("auto, 4-bit weights", new QuantizationJob { WeightBits = 4 }, false),
    ];

    public static void Print()
    {
        Console.WriteLine($"{"quantisation, test samples",-26} {"model",-18} {"float",6} {"int8",6} {"points",7} {"agreement",10} {"SNR dB",7} {"bytes",7} {"seconds",8}");
        foreach ((string name, QuantizationJob job, bool withLabels) in Methods)
        {
            double points = 0;
            foreach (string model in PruningCurve.Models)
                points += Print(name, job, withLabels, model);
            Console.WriteLine($"{name,-26} {"mean",-18} {"",6} {"",6} {points / PruningCurve.Models.Count,7:+0.00;-0.00;0.00}");
        }
    }

    private static double Print(string name, QuantizationJob job, bool withLabels, string model)
    {
        ModelGraph graph = ModelFile.Open(SharedData.File("float", model, model + ".onnx")).Graph!;
        float[][][] training = Read(graph, model, "x_train.npy"), test = Read(graph, model, "x_test.npy");
        long start = Stopwatch.GetTimestamp();
        QuantizedModel quantized = job.Run(graph, training, withLabels ? Labels(graph, model, "y_train.npy") : null);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var quality = QuantizationQuality.Measure(graph, quantized.Result.Graph, test, Labels(graph, model, "y_test.npy"));
        double points = 100 * (quality.Accuracy!.Value - quality.RealAccuracy!.Value);
        Console.WriteLine(
            $"{name,-26} {model,-18} {Count(quality.RealAccuracy)} {Count(quality.Accuracy)} {points,7:+0.00;-0.00;0.00} {quality.Agreement,10:P2} "
            + $"{quality.SignalToNoiseDb,7:F1} {quantized.Compiled.Bytes.Length,7:N0} {seconds,8:F2}");
        return points;

        string Count(double? share) => $"{share * test.Length,6:F0}";
    }

    private static float[][][] Read(ModelGraph graph, string model, string file) =>
        CalibrationSamples.ToGraphLayout([SampleFile.Read(SharedData.File("float", model, file), graph.Inputs[0], raw: false)]);

    private static int[] Labels(ModelGraph graph, string model, string file) =>
        LabelFile.ReadClasses(SharedData.File("float", model, file), graph.Outputs[0].SourceShape.ElementCount);
}
