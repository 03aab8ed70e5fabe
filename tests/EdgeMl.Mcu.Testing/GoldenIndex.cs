using System.Text.Json;

namespace EdgeMl.Mcu.Testing;

/// <summary>What <c>golden/index.json</c> of the shared data says of the whole models.</summary>
public static class GoldenIndex
{
    private static readonly Lazy<Dictionary<string, long>> MacsByName = new(Read);

    /// <summary>Multiplications with a weight of one inference, or null where the index does not tell.</summary>
    public static long? Macs(string model) => MacsByName.Value.TryGetValue(model, out long macs) ? macs : null;

    private static Dictionary<string, long> Read()
    {
        if (!SharedData.IsAvailable)
            return [];
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(SharedData.File("golden", "index.json")));
        return index.RootElement.EnumerateArray().Where(model => model.TryGetProperty("macs", out JsonElement macs) && macs.ValueKind == JsonValueKind.Number)
            .ToDictionary(model => model.GetProperty("name").GetString()!, model => model.GetProperty("macs").GetInt64());
    }
}
