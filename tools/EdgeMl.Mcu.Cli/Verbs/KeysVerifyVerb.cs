using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml keys verify</c></summary>
internal static class KeysVerifyVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("MANIFEST") { Description = "The manifest." };
        var key = new Option<string>("--key", "-k") { Description = "The publisher's public key.", HelpName = "PUB", Required = true };
        var model = new Option<string?>("--model", "-m") { Description = "Check also that this is the model; of an encrypted one, the encrypted file.", HelpName = "FILE" };
        var command = new VerbCommand("verify", "Check a manifest's signature, and that a model is the signed one. Exit code 4 if not.",
            "edgeml keys verify digits.manifest --key publisher.key.pub --model digits.emlm")
        {
            path, key, model,
        };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            (byte[] publicKey, _) = KeyFileOptions.ReadPublicKey(parse.GetRequiredValue(key));
            SignedManifest manifest = SignedManifest.Verify(DataFile.ReadAllBytes(file), publicKey);
            if (parse.GetValue(model) is { } modelFile)
                manifest.RequireModel(DataFile.ReadAllBytes(modelFile));
            ManifestDocument document = KeyFileOptions.Describe(file, manifest, publicKey, null);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                KeyFileOptions.Print(document, "verified", terminal);
            return ExitCodes.Ok;
        });
        return command;
    }
}
