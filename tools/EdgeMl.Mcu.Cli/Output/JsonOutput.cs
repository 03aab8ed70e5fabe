using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Cli.Verbs;
using EdgeMl.Mcu.Cli.Verbs.Fleet;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>Prints the documents of <c>--json</c>: one on one line, camelCase.</summary>
internal static class JsonOutput
{
    private static readonly JsonDocuments Documents = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Names and messages for people, not for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Prints a document.</summary>
    public static void Write<T>(TextWriter output, T document) =>
        output.WriteLine(JsonSerializer.Serialize(document, (JsonTypeInfo<T>)Documents.GetTypeInfo(typeof(T))!));

    /// <summary>Prints what a relay gave, with its own names.</summary>
    public static void WriteRelay<T>(TextWriter output, T document) => output.WriteLine(JsonSerializer.Serialize(document, RelayJson.Options));

    /// <summary>Prints a failure.</summary>
    public static void WriteError(TextWriter output, Failure failure) =>
        Write(output, new ErrorDocument(new ErrorBody(failure.Code, failure.Message, failure.Hint)));
}

/// <summary>Serialisers made at build time, for a fast start.</summary>
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(AccuracyReport))]
[JsonSerializable(typeof(MeanSquaredErrorDocument))]
[JsonSerializable(typeof(AucDocument))]
[JsonSerializable(typeof(DeviceModelSummary))]
[JsonSerializable(typeof(QuantizationDocument))]
[JsonSerializable(typeof(PruningDocument))]
[JsonSerializable(typeof(SensitivityReport))]
[JsonSerializable(typeof(CompilationDocument))]
[JsonSerializable(typeof(InspectionReport))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(BoardPlan))]
[JsonSerializable(typeof(IReadOnlyList<Board>))]
[JsonSerializable(typeof(IReadOnlyList<SerialPortInfo>))]
[JsonSerializable(typeof(FlashReport))]
[JsonSerializable(typeof(DeviceConfigurationDocument))]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(BenchCheckDocument))]
[JsonSerializable(typeof(SimulatedDevice[]))]
[JsonSerializable(typeof(RelayServeDocument))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(RotationDocument))]
[JsonSerializable(typeof(ManifestDocument))]
internal sealed partial class JsonDocuments : JsonSerializerContext;
