using EdgeMl.Mcu.Bench;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Relay;
using EdgeMl.Mcu.Toolchain;

namespace EdgeMl.Mcu.Cli;

/// <summary>A library whose exceptions carry codes, and what its codes mean for the exit code.</summary>
/// <param name="Name">How the document of errors calls it.</param>
/// <param name="Codes">The class whose string constants are its codes; the comment beside each gives meaning (summary) and remedy (remarks).</param>
/// <param name="Read">Gives code and hint of the library's exception, or null for another one.</param>
internal sealed record ErrorSource(string Name, Type Codes, Func<Exception, (string Code, string? Hint)?> Read)
{
    /// <summary>All libraries: the only place that knows them.</summary>
    public static IReadOnlyList<ErrorSource> All { get; } =
    [
        new("Toolchain", typeof(ErrorCodes), exception => exception is ToolchainException e ? (e.Code, e.Hint) : null) { Refused = [ErrorCodes.DoesNotFit] },
        new("MQTT", typeof(MqttErrorCodes), exception => exception is MqttException e ? (e.Code, e.Hint) : null)
        {
            Unreachable = [MqttErrorCodes.Unreachable, MqttErrorCodes.ConnectionLost, MqttErrorCodes.NotConnected],
            Refused = [MqttErrorCodes.ConnectRefused, MqttErrorCodes.SubscribeRefused],
        },
        new("Relay", typeof(RelayErrorCodes), exception => exception is RelayException e ? (e.Code, e.Hint) : null)
        {
            Unreachable = [RelayErrorCodes.Unreachable],
            Refused =
            [
                RelayErrorCodes.Unauthorized, RelayErrorCodes.Forbidden, RelayErrorCodes.Conflict, RelayErrorCodes.IndexReused, RelayErrorCodes.WrongPublisherKey,
                RelayErrorCodes.NoPublisherKey, RelayErrorCodes.ModelKey,
                RelayErrorCodes.VersionExists, RelayErrorCodes.Token, RelayErrorCodes.DeviceExists, RelayErrorCodes.AuditBroken,
            ],
        },
        new("Bench link", typeof(LinkErrorCodes), exception => exception is LinkException e ? (e.Code, e.Hint) : null)
        {
            Unreachable = [LinkErrorCodes.NoAnswer],
            Refused = [LinkErrorCodes.Version, LinkErrorCodes.Refused, LinkErrorCodes.ModelRefused, LinkErrorCodes.TooLarge, LinkErrorCodes.NoModel, LinkErrorCodes.NotSupported],
        },
        new("Bench", typeof(BenchErrorCodes), exception => exception is BenchException e ? (e.Code, e.Hint) : null)
        {
            Unreachable =
            [
                BenchErrorCodes.PortNotFound, BenchErrorCodes.PortBusy, BenchErrorCodes.PortDenied, BenchErrorCodes.PortUnsuitable, BenchErrorCodes.PortDisconnected, BenchErrorCodes.NoAnswer,
                BenchErrorCodes.StageTimeout, BenchErrorCodes.NotRecovered,
            ],
            Refused =
            [
                BenchErrorCodes.BoardRefused, BenchErrorCodes.WrongBoard, BenchErrorCodes.Firmware, BenchErrorCodes.WillNotLoad, BenchErrorCodes.NoFileSystem, BenchErrorCodes.DeploymentTooLarge,
                BenchErrorCodes.FlashFailed, BenchErrorCodes.NotLoaded,
                BenchErrorCodes.Differs, BenchErrorCodes.UpdateFailed, BenchErrorCodes.NotCalibrated,
            ],
        },
        new("Updates", typeof(OtaErrorCodes), exception => exception is OtaException e ? (e.Code, e.Hint) : null)
        {
            Refused =
            [
                OtaErrorCodes.SignatureMissing, OtaErrorCodes.SignatureLength, OtaErrorCodes.Signature, OtaErrorCodes.ManifestFormat, OtaErrorCodes.ManifestVersion, OtaErrorCodes.ManifestField,
                OtaErrorCodes.ChunkRoot, OtaErrorCodes.Encryption, OtaErrorCodes.ModelHash, OtaErrorCodes.Epoch, OtaErrorCodes.Abi, OtaErrorCodes.Ram, OtaErrorCodes.SlotTooSmall, OtaErrorCodes.Shapes,
                OtaErrorCodes.Expired, OtaErrorCodes.Rotation, OtaErrorCodes.RotationGeneration, OtaErrorCodes.KeyExists, OtaErrorCodes.KeyStateLost, OtaErrorCodes.KeyStateOld, OtaErrorCodes.KeyCopied,
                OtaErrorCodes.KeyStateDamaged, OtaErrorCodes.KeyExhausted, OtaErrorCodes.KeySuperseded,
            ],
        },
    ];

    /// <summary>The codes with <see cref="ExitCodes.Unreachable"/>.</summary>
    public IReadOnlyList<string> Unreachable { get; init; } = [];

    /// <summary>The codes with <see cref="ExitCodes.Refused"/>.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>What an exception of any library carries, with its exit code; null if it is none of theirs.</summary>
    public static (string Code, string? Hint, int ExitCode)? Of(Exception exception)
    {
        foreach (ErrorSource source in All)
        {
            if (source.Read(exception) is { } error)
                return (error.Code, error.Hint, (All.FirstOrDefault(other => other.Knows(error.Code)) ?? source).ExitCodeOf(error.Code));
        }
        return null;
    }

    /// <summary>The exit code of a code of any library.</summary>
    public static int ExitCodeFor(string code) => All.Select(source => source.ExitCodeOf(code)).FirstOrDefault(exit => exit != ExitCodes.Failed, ExitCodes.Failed);

    // A relay passes on the codes of other libraries.
    private bool Knows(string code) => Unreachable.Contains(code) || Refused.Contains(code);

    /// <summary>The exit code of a code.</summary>
    public int ExitCodeOf(string code) =>
        Unreachable.Contains(code) ? ExitCodes.Unreachable : Refused.Contains(code) ? ExitCodes.Refused : ExitCodes.Failed;
}
