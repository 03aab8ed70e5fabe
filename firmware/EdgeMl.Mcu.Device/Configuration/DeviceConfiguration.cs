using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Device.Energy;

namespace EdgeMl.Mcu.Device.Configuration;

/// <summary>What one device is told before it is put in its place: who it is, how it reaches its broker, what it looks at.</summary>
/// <remarks>
/// The file is one CBOR map (core deterministic encoding) with the keys of <see cref="ConfigurationKey"/>, and behind it the CRC-32 of the map, 4 bytes, the
/// lowest first.
/// </remarks>
public sealed class DeviceConfiguration
{
    /// <summary>Number of the file's format.</summary>
    public const int Format = 1;

    /// <summary>Name of the file, in the root folder of the board's drive.</summary>
    public const string FileName = "edgeml.cfg";

    /// <summary>Path of the file on boards whose own flash has a file system, the ESP32s.</summary>
    public const string DefaultPath = @"I:\" + FileName;

    /// <summary>Longest file in bytes.</summary>
    public const int FileBytesMax = 8_192;

    /// <summary>Bytes of the checksum at the end of the file.</summary>
    public const int ChecksumBytes = 4;

    /// <summary>Most characters of a host's name (RFC 1035, section 2.3.4).</summary>
    public const int HostLengthMax = 253;

    /// <summary>Most bytes of a Wi-Fi network's name.</summary>
    public const int WifiNameBytesMax = 32;

    /// <summary>Most bytes of a Wi-Fi network's password.</summary>
    public const int WifiPasswordBytesMax = 64;

    /// <summary>Longest certificate in bytes.</summary>
    public const int CertificateBytesMax = 4_096;

    /// <summary>Port of MQTT without TLS.</summary>
    public const int PlainPort = 1883;

    /// <summary>Port of MQTT over TLS.</summary>
    public const int TlsPort = 8883;

    /// <summary>Fleet; see <see cref="Agent.Messages.DeviceTopics.IsName"/>.</summary>
    public string Fleet { get; set; }

    /// <summary>Device id; see <see cref="Agent.Messages.DeviceTopics.IsName"/>.</summary>
    public string Device { get; set; }

    /// <summary>Device key, 32 bytes.</summary>
    public byte[] DeviceKey { get; set; }

    /// <summary>Publisher's public key, 52 bytes; null for a device that refuses every update.</summary>
    public byte[] PublisherKey { get; set; }

    /// <summary>Broker's host name or address.</summary>
    public string BrokerHost { get; set; }

    /// <summary>Broker's port, 1 to 65535.</summary>
    public int BrokerPort { get; set; } = PlainPort;

    /// <summary>Whether the connection to the broker is TLS.</summary>
    public bool UsesTls { get; set; }

    /// <summary>Certificate of the authority that signed the broker's, PEM or DER; null where the firmware's own store has it.</summary>
    public byte[] Certificate { get; set; }

    /// <summary>Name of the Wi-Fi network; null on a board without Wi-Fi, or where the firmware has been told by other means.</summary>
    public string WifiName { get; set; }

    /// <summary>Password of the Wi-Fi network; empty for an open one.</summary>
    public string WifiPassword { get; set; } = "";

    /// <summary>The sensor.</summary>
    public SensorSettings Sensor { get; set; } = new SensorSettings();

    /// <summary>The energy policy.</summary>
    public EnergySettings Energy { get; set; } = new EnergySettings();

    /// <summary>The battery; null where there is none, or nothing measures it.</summary>
    public BatterySettings Battery { get; set; }

    /// <summary>The bench link; null where there is none.</summary>
    public LinkSettings Link { get; set; }

    /// <summary>RAM in bytes for a model's arena, scratch and packed weights, 1,024 or more.</summary>
    public int ModelRamBytes { get; set; } = 64 * 1024;

    /// <summary>Capacity of one slot in bytes, 1,024 or more. As it is, two slots and a factory model have room on the 256 KiB drive of an ESP32 with 4 MB of flash.</summary>
    public int SlotBytes { get; set; } = 64 * 1024;

    /// <summary>Largest page of weights in bytes for models that stay in flash; 0 to load models into RAM as a whole.</summary>
    public int PageBytesMax { get; set; }

    /// <summary>Milliseconds without news after which the device asks what it should run, 1,000 or more.</summary>
    public int PollMilliseconds { get; set; } = 600_000;

    /// <summary>Lowest charge of the battery in percent at which an update is begun; 0 to begin always.</summary>
    public int UpdatePercentMin { get; set; }

    /// <summary>The settings of the agent.</summary>
    /// <param name="board">Name of the board, as in <c>hardware/boards</c>.</param>
    /// <param name="firmware">Version of the application.</param>
    public AgentSettings AgentSettings(string board, string firmware)
    {
        return new AgentSettings
        {
            Fleet = Fleet,
            Device = Device,
            DeviceKey = DeviceKey,
            PublisherKey = PublisherKey,
            Board = board,
            Firmware = firmware,
            ModelRamBytes = ModelRamBytes,
            SlotBytes = SlotBytes,
            PageBytesMax = PageBytesMax,
            PollMilliseconds = PollMilliseconds,
            BatteryPercentMin = UpdatePercentMin,
        };
    }
}
