using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Native.Tests;

/// <summary>Instructions of TensorFlow Lite Micro with CMSIS-NN on a Cortex-M4, measured under emulation.</summary>
internal static class Peers
{
    /// <summary>Operators that the converter leaves out, or that are conversions at the model's edges.</summary>
    private static readonly string[] WithoutLayer = ["RESHAPE", "QUANTIZE", "DEQUANTIZE"];

    /// <summary>A layer of a peer: operator, shape of the output and instructions.</summary>
    public sealed record Layer(string Operator, string Shape, long Instructions);

    /// <summary>Models whose layers were measured one by one.</summary>
    public static IEnumerable<string> Models => CompiledModels.Golden.Where(name => File.Exists(PathOf(name)));

    /// <summary>The layers of a model.</summary>
    public static Layer[] LayersOf(string model)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf(model)));
        return
        [
            .. document.RootElement.EnumerateArray().Where(layer => !WithoutLayer.Contains(layer.GetProperty("op").GetString()))
                .Select(layer => new Layer(
                    layer.GetProperty("op").GetString()!, string.Join('x', layer.GetProperty("output_shape").EnumerateArray()), layer.GetProperty("cmsis_nn_instructions").GetInt64())),
        ];
    }

    /// <summary>Instructions of a whole inference, or null where they were not measured.</summary>
    public static long? Total(string model)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedData.File("golden", "index.json")));
        JsonElement entry = index.RootElement.EnumerateArray().Single(item => item.GetProperty("name").GetString() == model);
        return entry.TryGetProperty("tflm", out JsonElement tflm) && tflm.TryGetProperty("cortex_m4_cmsis_nn_instructions", out JsonElement count) && count.ValueKind == JsonValueKind.Number ? count.GetInt64() : null;
    }

    private static string PathOf(string model) => SharedData.File("golden", model, "cortex_m4_per_op.json");
}
