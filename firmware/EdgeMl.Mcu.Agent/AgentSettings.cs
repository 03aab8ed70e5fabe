using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent;

/// <summary>What an agent is made with. Set before the agent is created, and not changed afterwards.</summary>
public sealed class AgentSettings
{
    /// <summary>Fleet; see <see cref="Messages.DeviceTopics.IsName"/>.</summary>
    public string Fleet { get; set; }

    /// <summary>Device id; see <see cref="Messages.DeviceTopics.IsName"/>.</summary>
    public string Device { get; set; }

    /// <summary>Device key, 32 bytes.</summary>
    public byte[] DeviceKey { get; set; }

    /// <summary>Publisher's public key that the device was made with, <see cref="ManifestFormat.PublicKeyBytes"/> bytes. A rotation that the journal holds takes its place.</summary>
    public byte[] PublisherKey { get; set; }

    /// <summary>Name of the board, as in <c>hardware/boards</c>; at most 32 characters.</summary>
    public string Board { get; set; } = "";

    /// <summary>Version of the application; at most 32 characters.</summary>
    public string Firmware { get; set; } = "";

    /// <summary>
    /// A model file that came on the device with the application. It runs where no slot holds a model that runs, without a signature: who can write it can write
    /// the application too. Null where there is none.
    /// </summary>
    public ByteSource FactoryModel { get; set; }

    /// <summary>
    /// A model file that needs less energy, with the same inputs, which <see cref="DeviceAgent.SetEconomy"/> has run in place of any other. It came as
    /// <see cref="FactoryModel"/> did. Null where there is none.
    /// </summary>
    public ByteSource EconomyModel { get; set; }

    /// <summary>RAM in bytes for a model's arena, scratch and packed weights.</summary>
    public int ModelRamBytes { get; set; } = 64 * 1024;

    /// <summary>Capacity of one slot in bytes.</summary>
    public int SlotBytes { get; set; } = 128 * 1024;

    /// <summary>Inputs that the application works with; null where it takes any.</summary>
    public ManifestTensor[] Inputs { get; set; }

    /// <summary>Outputs that the application works with; null where it takes any.</summary>
    public ManifestTensor[] Outputs { get; set; }

    /// <summary>
    /// Largest page of weights in bytes, for models that stay in flash and are read layer by layer; 0 to load models into RAM as a whole.
    /// </summary>
    public int PageBytesMax { get; set; }

    /// <summary>Lowest charge of the battery in percent at which an update is begun; 0 to begin always.</summary>
    public int BatteryPercentMin { get; set; }

    /// <summary>Chunks asked for at once, 1 to 4; fewer where <see cref="InboxBytes"/> holds fewer.</summary>
    public int Window { get; set; } = 4;

    /// <summary>Bytes for received messages: two chunks of 1 KiB as it is. The longest other message is an order with a key rotation, about 1,800 bytes.</summary>
    public int InboxBytes { get; set; } = 2_080;

    /// <summary>Largest chunk in bytes that the device takes, 256 to <see cref="ManifestFormat.ChunkBytesMax"/>. This much RAM is for one block in work.</summary>
    public int ChunkBytesMax { get; set; } = 1_024;

    /// <summary>Bytes for the chunk hashes in an order, 16 for each chunk of the manifest blob and of the delta. A delta for which they do not suffice is not used.</summary>
    public int OrderHashBytes { get; set; } = 512;

    /// <summary>Bytes of flash for one result that waits, <see cref="Results.ResultStore.CellBytesMin"/> or more; a result that is longer is kept without its sample.</summary>
    public int ResultBytesMax { get; set; } = 160;

    /// <summary>Results that wait at most, 1 or more.</summary>
    public int ResultsMax { get; set; } = 64;

    /// <summary>First wait before something is repeated, in milliseconds.</summary>
    public int RetryFirstMilliseconds { get; set; } = 500;

    /// <summary>Longest wait before something is repeated, in milliseconds.</summary>
    public int RetryLastMilliseconds { get; set; } = 60_000;

    /// <summary>After how many milliseconds without news the device asks what it should run, and reports its health.</summary>
    public int PollMilliseconds { get; set; } = 600_000;
}
