using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli;

/// <summary>Counts what a device model executes, on the nano-subset build of the runtime that the program carries with it.</summary>
internal static class DeviceExecution
{
    private const string RuntimeResource = "nano/EdgeMl.Mcu.Runtime.dll";

    /// <summary>Runs one inference on random inputs and counts its instructions.</summary>
    /// <param name="file">An .emlm file.</param>
    /// <param name="name">Name for messages.</param>
    public static ExecutionReport Measure(byte[] file, string name)
    {
        using MeteredProgram program = MeteredProgram.Load(RuntimeImage());
        InferenceCount count = ModelMeter.Open(program, file).Measure();
        IReadOnlyList<LayerReport> layers = ModelInspector.LayersOf(DeviceModelFile.Parse(file, name), file);
        long macs = layers.Sum(layer => layer.Macs);
        return new ExecutionReport(count.Total.Instructions, count.Total.Weighted, PerMac(count.Total, macs), ByClass(count.Total), [.. count.Layers.Select((counters, i) => new LayerExecution(
            layers[i].Name, layers[i].Operator, layers[i].Macs, counters.Instructions, counters.Weighted, PerMac(counters, layers[i].Macs), ByClass(counters)))]);
    }

    /// <summary>The nano-subset build of the runtime.</summary>
    public static byte[] RuntimeImage()
    {
        using Stream stream = typeof(DeviceExecution).Assembly.GetManifestResourceStream(RuntimeResource)!;
        var image = new byte[stream.Length];
        stream.ReadExactly(image);
        return image;
    }

    private static double? PerMac(Counters counters, long macs) => macs == 0 ? null : (double)counters.Instructions / macs;

    private static Dictionary<string, long> ByClass(Counters counters) =>
        counters.ByClass.ToDictionary(entry => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(entry.Key.ToString()), entry => entry.Value);
}
