using System.CommandLine;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota publish</c></summary>
internal static class OtaPublishVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var manifest = new Argument<string>("MANIFEST") { Description = "The signed manifest that 'edgeml sign' wrote." };
        var model = new Argument<string>("MODEL") { Description = "The model that it was made for: .emlm, or the encrypted file." };
        var key = new Option<string?>("--model-key") { Description = "The key file of an encrypted model.", HelpName = "FILE" };
        var command = new VerbCommand("publish", "Give a relay a signed model, ready for rollouts.",
            "edgeml ota publish digits-1.0.manifest digits.emlm",
            "edgeml ota publish digits-1.0.manifest digits-1.0.manifest.model --model-key digits-1.0.manifest.modelkey")
        {
            manifest, model, key,
        };
        return RelayVerb.Asking(command, terminal,
            async (parse, relay, stop) =>
            {
                byte[] blob = DataFile.ReadAllBytes(parse.GetRequiredValue(manifest));
                byte[]? modelKey = parse.GetValue(key) is string path ? ReadKey(path) : null;
                using var content = new MemoryStream(DataFile.ReadAllBytes(parse.GetRequiredValue(model)));
                return await relay.PublishAsync(blob, content, modelKey, stop);
            },
            artifact => terminal.Output.WriteLine($"published {artifact.Name}@{artifact.Version}: {artifact.LengthBytes:N0} bytes, epoch {artifact.Epoch}, manifest {artifact.Id}"));
    }

    private static byte[] ReadKey(string path) =>
        SecretFile.TryRead(DataFile.ReadAllBytes(path)) is { Kind: SecretFile.ModelKind } file ? Convert.FromHexString(file.Secret)
        : throw new UsageException($"'{path}' is no key of a model.", "Give the .modelkey file that 'edgeml sign --encrypt' wrote.");
}
