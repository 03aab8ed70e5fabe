using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Mqtt.Client;

namespace EdgeMl.Mcu.Bench.Devices.Boards;

/// <summary>What a virtual board is.</summary>
public sealed record VirtualBenchBoardOptions
{
    /// <summary>Name of the board's descriptor, as the application says it.</summary>
    public string Board { get; init; } = "ESP32";

    /// <summary>nanoFramework target that the CLR says it is.</summary>
    public string Target { get; init; } = "ESP32_REV3";

    /// <summary>Platform that the CLR says it is.</summary>
    public string Platform { get; init; } = "ESP32";

    /// <summary>Sectors of the deployment region.</summary>
    public int Sectors { get; init; } = 1;

    /// <summary>Bytes of one.</summary>
    public int SectorBytes { get; init; } = 1_835_008;

    /// <summary>Version that the application says it is.</summary>
    public string Firmware { get; init; } = "virtual";

    /// <summary>Assembly without which a deployment is not the device application, so that nothing answers on the link.</summary>
    public string ApplicationAssembly { get; init; } = "EdgeMl.Mcu.Device";

    /// <summary>Whether the application runs without having been deployed.</summary>
    public bool HasApplication { get; init; }

    /// <summary>Time of a plain IL instruction, for the board's clock.</summary>
    public double NanosecondsPerIl { get; init; } = 325;

    /// <summary>Bytes of the managed heap.</summary>
    public int HeapBytes { get; init; } = 102_400;

    /// <summary>
    /// The nano-subset builds of the runtime and its optional kernels, on which inferences are counted. Without any, times are the host's and free memory is unknown.
    /// </summary>
    public IReadOnlyList<byte[]> RuntimeImages { get; init; } = [];

    /// <summary>Reads the configuration file <see cref="ConfigurationFile"/>; null where the device would refuse it. Without it the board never joins a fleet.</summary>
    public Func<byte[], VirtualMembership?>? Configure { get; init; }

    /// <summary>Name of the configuration file.</summary>
    public string ConfigurationFile { get; init; } = "edgeml.cfg";

    /// <summary>Name of the file with the factory model.</summary>
    public string ModelFile { get; init; } = "model.emlm";

    /// <summary>Where to put a link to the device file of the Wire Protocol's port; null for none.</summary>
    public string? WirePortLink { get; init; }

    /// <summary>Where to put a link to the device file of the bench link's port; null for none.</summary>
    public string? LinkPortLink { get; init; }

    /// <summary>Makes start numbers, nonces and the moments of power cuts reproducible.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>What a configuration makes of a device.</summary>
/// <param name="Settings">The agent's settings; the factory model is the board's.</param>
/// <param name="Broker">How it reaches its broker, with login and will.</param>
public sealed record VirtualMembership(AgentSettings Settings, MqttClientOptions Broker);
