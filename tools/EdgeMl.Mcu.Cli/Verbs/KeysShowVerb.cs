using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml keys show</c></summary>
internal static class KeysShowVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("FILE") { Description = "A key file of any kind. Secrets are never shown." };
        var command = new VerbCommand("show", "Show a key: its name, public key, and how many signatures are left.",
            "edgeml keys show publisher.key",
            "edgeml keys show publisher.key.pub --json")
        {
            path,
        };
        command.SetAction(parse =>
        {
            KeyDocument document = Describe(parse.GetRequiredValue(path), terminal);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                Print(document, terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static KeyDocument Describe(string file, Terminal terminal)
    {
        byte[] content = DataFile.ReadAllBytes(file);
        if (SecretFile.TryRead(content) is { } secret)
            return new KeyDocument(file, secret.Kind == SecretFile.DeviceKind ? "device" : "model", secret.Id, null, null, null, null, null);
        try
        {
            (byte[] publicKey, int generation) = PublicKeyFile.Read(content, file);
            return new KeyDocument(file, "publisher-public", PublisherKey.IdOf(publicKey), Convert.ToHexStringLower(publicKey), generation, null, null, null);
        }
        catch (OtaException) when (content.Length > 0 && content[0] == (byte)'{')
        {
            PublisherKey key = KeyFileOptions.Open(file, terminal);
            return KeyFileOptions.Describe(file, key, KeyFileOptions.Usage(key, terminal));
        }
    }

    private static void Print(KeyDocument document, Terminal terminal)
    {
        terminal.Output.WriteLine($"{document.Kind} key {document.Id}");
        if (document.PublicKey is not null)
            terminal.Output.WriteLine($"  generation {document.Generation}, public key {document.PublicKey}");
        if (document.Used is not null)
            terminal.Output.WriteLine($"  {document.Used} of 1024 leaves used, {document.Remaining} manifests left");
        if (document.Successor is not null)
            terminal.Output.WriteLine($"  succeeded by key {document.Successor}");
    }
}
