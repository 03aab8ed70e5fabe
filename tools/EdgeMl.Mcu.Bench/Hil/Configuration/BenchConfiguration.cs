namespace EdgeMl.Mcu.Bench.Hil.Configuration;

/// <summary>A bench: a file of <c>hardware/benches</c>.</summary>
public sealed record BenchConfiguration
{
    /// <summary>Name of the bench and of its report: a-z, 0-9 and dashes, at most 32.</summary>
    public required string Name { get; init; }

    /// <summary>The boards, one after another.</summary>
    public required IReadOnlyList<BoardConfiguration> Boards { get; init; }

    /// <summary>The models; without any, the digits models that the tool carries.</summary>
    public IReadOnlyList<ModelConfiguration> Models { get; init; } = [.. BuiltInModels.Select(name => new ModelConfiguration { Name = name, BuiltIn = name })];

    /// <summary>The broker of the update round.</summary>
    public BrokerConfiguration Broker { get; init; } = new();

    /// <summary>How latency is measured.</summary>
    public LatencyConfiguration Latency { get; init; } = new();

    /// <summary>The update round.</summary>
    public UpdateConfiguration Update { get; init; } = new();

    /// <summary>The power cuts.</summary>
    public PowerCutConfiguration PowerCuts { get; init; } = new();

    /// <summary>What else matters, for people.</summary>
    public string? Notes { get; init; }

    /// <summary>Models that a bench can name without a file.</summary>
    public static IReadOnlyList<string> BuiltInModels { get; } = ["digits-cnn", "digits-mlp", "digits-mlp-pruned"];
}

/// <summary>A board of a bench: either a real one with its two ports, or a virtual one.</summary>
public sealed record BoardConfiguration
{
    /// <summary>Bits per second of the link where a bench says nothing.</summary>
    public const int DefaultLinkBaudRate = Serial.SerialPort.DefaultBaudRate;

    /// <summary>Name in the report and device id at the relay: a-z, 0-9 and dashes, at most 32.</summary>
    public required string Name { get; init; }

    /// <summary>The board's descriptor: a name or alias of <c>hardware/boards</c>.</summary>
    public required string Board { get; init; }

    /// <summary>Serial port of nanoFramework's Wire Protocol; null for a virtual board.</summary>
    public string? WirePort { get; init; }

    /// <summary>Serial port of the bench link; null for a virtual board.</summary>
    public string? LinkPort { get; init; }

    /// <summary>Bits per second of <see cref="LinkPort"/>, 9,600 to 3,000,000. USB-CDC ignores it.</summary>
    public int LinkBaudRate { get; init; } = DefaultLinkBaudRate;

    /// <summary>The board's own end of the link, which its configuration keeps; null where the application has it built in, or for a virtual board.</summary>
    public LinkUartConfiguration? LinkUart { get; init; }

    /// <summary>Folder of the device application's <c>.pe</c> files, from the bench's file; null leaves the application on the board as it is.</summary>
    public string? Application { get; init; }

    /// <summary>How the board is switched off and on; null where it cannot be.</summary>
    public PowerConfiguration? Power { get; init; }

    /// <summary>The network that the board joins; null for one with a cable, or a virtual one.</summary>
    public WifiConfiguration? Wifi { get; init; }

    /// <summary>Makes the board a virtual one, in the tool itself.</summary>
    public VirtualConfiguration? Virtual { get; init; }
}

/// <summary>The UART of a board that is the link's.</summary>
public sealed record LinkUartConfiguration
{
    /// <summary>Its name on the board, such as <c>COM2</c>.</summary>
    public required string Port { get; init; }

    /// <summary>Pin that the board sends on; null for the firmware's own.</summary>
    public int? TransmitPin { get; init; }

    /// <summary>Pin that the board receives on; null for the firmware's own.</summary>
    public int? ReceivePin { get; init; }
}

/// <summary>How a board is switched: each command is a program and its arguments, run without a shell.</summary>
public sealed record PowerConfiguration
{
    /// <summary>Switches the board off.</summary>
    public required IReadOnlyList<string> Off { get; init; }

    /// <summary>Switches the board on.</summary>
    public required IReadOnlyList<string> On { get; init; }

    /// <summary>Milliseconds from switching off until the board's capacitors are empty, 0 to 60,000.</summary>
    public int SettleMilliseconds { get; init; } = 2_000;
}

/// <summary>A wireless network.</summary>
public sealed record WifiConfiguration
{
    /// <summary>Its name.</summary>
    public required string Ssid { get; init; }

    /// <summary>Name of the environment variable that holds the password, so that the bench's file does not; empty for an open network.</summary>
    public string PasswordVariable { get; init; } = "EDGEML_WIFI_PASSWORD";
}

/// <summary>A board without hardware: the device's own runtime, agent and link server behind two pseudo terminals.</summary>
public sealed record VirtualConfiguration
{
    /// <summary>Makes it reproducible.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A model of a bench, with the vectors that it must reproduce.</summary>
public sealed record ModelConfiguration
{
    /// <summary>Name in the report and in manifests: a-z, 0-9 and dashes, at most 32.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="BenchConfiguration.BuiltInModels"/>, instead of <see cref="File"/>.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>A model, <c>.emlm</c>, <c>.tflite</c> or <c>.onnx</c> (int8), from the bench's file.</summary>
    public string? File { get; init; }

    /// <summary>A file of samples for each input, in the model's order. Without any, the model's own self-test is the only vector.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>A file of exact outputs for each output, in the model's order.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary>Samples of the files that are used, from the first on, 1 to 10,000.</summary>
    public int Samples { get; init; } = 10;
}

/// <summary>The broker of the update round. Without more, one in the tool that listens on the loopback interface.</summary>
public sealed record BrokerConfiguration
{
    /// <summary>Where the tool's broker listens, ADDRESS:PORT; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>An external broker instead, <c>mqtt://USER:PASSWORD@HOST:PORT</c>.</summary>
    public string? Url { get; init; }

    /// <summary>The broker's address as the boards see it, where it is another one.</summary>
    public string? Address { get; init; }
}

/// <summary>How latency is measured.</summary>
public sealed record LatencyConfiguration
{
    /// <summary>Timed inferences of each model, 1 to 1,000.</summary>
    public int Runs { get; init; } = 30;
}

/// <summary>The update round.</summary>
public sealed record UpdateConfiguration
{
    /// <summary>Seconds that one update may take, 10 to 3,600.</summary>
    public int TimeoutSeconds { get; init; } = 300;
}

/// <summary>The power cuts.</summary>
public sealed record PowerCutConfiguration
{
    /// <summary>Number of cuts, 0 to 1,000.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Makes the moments reproducible.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Seconds in which the board must answer after it is switched on, 1 to 600.</summary>
    public int RecoverySeconds { get; init; } = 60;
}
