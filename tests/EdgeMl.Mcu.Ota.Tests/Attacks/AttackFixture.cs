using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Tests.Attacks;

/// <summary>An attack as a folder: files, and an <c>expected.json</c> that says who refuses them and how.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Description">What is tried.</param>
/// <param name="Error">What the device says.</param>
/// <param name="Files">Name and content of each file.</param>
internal sealed record AttackFixture(string Name, string Description, AgentError Error, IReadOnlyList<(string Name, byte[] Content)> Files)
{
    /// <summary>Folder of all fixtures, below the repository's root.</summary>
    public const string Root = "tests/EdgeMl.Mcu.Ota.Tests/Attacks";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the device that is attacked can take.</summary>
    public DeviceProfile Device { get; init; } = AttackDevice.Profile();

    /// <summary>Code of the relay's or the host tools' refusal; null where it is the device's alone.</summary>
    public string? Code { get; init; }

    /// <summary>MQTT topic that the bytes came on; null for a manifest.</summary>
    public string? Topic { get; init; }

    /// <summary>The <c>expected.json</c> of the folder.</summary>
    public string Expected() => JsonSerializer.Serialize(
        new
        {
            Description,
            Error = Error.ToString(),
            Number = (int)Error,
            Code = Code ?? AgentErrors.CodeOf(Error),
            Topic,
            PublicKey = Convert.ToHexStringLower(TestSigner.Publisher.PublicKey),
            DeviceKey = Convert.ToHexStringLower(AttackDevice.Key),
            Device = new { Id = AttackDevice.Id, Device.RuntimeAbi, Device.ModelRamBytes, Device.SlotBytes, Device.Epoch, Inputs = Device.Inputs?.Select(tensor => new { Type = (int)tensor.Type, Shape = Enumerable.Range(0, tensor.Rank).Select(tensor.Dimension) }) },
            AttackDevice.Time,
            Files = Files.Select(file => file.Name),
        },
        Json).ReplaceLineEndings("\n") + "\n";

    /// <summary>Path of a file below the repository's root.</summary>
    public string PathOf(string file) => $"{Root}/{Name}/{file}";
}

/// <summary>The device that is attacked.</summary>
internal static class AttackDevice
{
    public const string Fleet = "factory";

    public const string Id = "line-1";

    /// <summary>The relay's time in the order.</summary>
    public const long Time = 1_800_000_000;

    /// <summary>The device key.</summary>
    public static byte[] Key { get; } = TestSigner.Bytes("device key of " + Id, 32);

    public static DeviceProfile Profile() => new() { ModelRamBytes = 16384, SlotBytes = 32768, Epoch = 5 };
}
