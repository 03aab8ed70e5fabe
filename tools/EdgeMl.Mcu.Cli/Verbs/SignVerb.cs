using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota.Encryption;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml sign</c></summary>
internal static class SignVerb
{
    private const string StoredSuffix = ".model";
    private const string ModelKeySuffix = ".modelkey";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A device model (.emlm)." };
        var key = new Option<string>("--key", "-k") { Description = "The publisher's private key; it gives up one of its signatures.", HelpName = "KEY", Required = true };
        var name = new Option<string>("--name") { Description = "Name of the model, 1 to 64 characters of A-Z a-z 0-9 - _ . +", HelpName = "NAME", Required = true };
        var version = new Option<string>("--version") { Description = "Its version, 1 to 32 such characters.", HelpName = "VERSION", Required = true };
        var epoch = new Option<int>("--epoch") { Description = "Security epoch. Devices that have confirmed a higher one refuse the manifest for good.", HelpName = "NUMBER" };
        var expires = new Option<string?>("--expires") { Description = "When devices stop taking it: a date, a time (UTC), or days from now such as 90d.", HelpName = "TIME" };
        var chunk = new Option<int>("--chunk") { Description = "Bytes that are sent at a time: a power of two from 256 to 4096.", HelpName = "BYTES", DefaultValueFactory = _ => ManifestContent.DefaultChunkSize };
        var encrypt = new Option<bool>("--encrypt") { Description = "Encrypt the model with a new key: MANIFEST.model is what devices store, MANIFEST.modelkey is the secret." };
        var label = new Option<string[]>("--label") { Description = "A label for people; may be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
        var output = new Option<string>("--output", "-o") { Description = "The manifest.", HelpName = "MANIFEST", Required = true };
        var command = new VerbCommand("sign", "Sign a model for updates: write the manifest that devices verify. Works offline.",
            "edgeml sign digits.emlm --key publisher.key --name digits --version 1.0.0 -o digits.manifest",
            "edgeml sign digits.emlm -k publisher.key --name digits --version 1.0.1 --epoch 2 --expires 90d -o digits.manifest",
            "edgeml sign digits.emlm -k publisher.key --name digits --version 1.0.2 --encrypt -o digits.manifest")
        {
            model, key, name, version, epoch, expires, chunk, encrypt, label, output,
        };
        command.SetAction(parse =>
        {
            byte[] bytes = DataFile.ReadAllBytes(parse.GetRequiredValue(model));
            ManifestContent content = ManifestContent.Of(bytes, parse.GetRequiredValue(name), parse.GetRequiredValue(version)) with
            {
                Epoch = parse.GetValue(epoch),
                Expires = parse.GetValue(expires) is { } time ? Time(time, DateTimeOffset.UtcNow) : null,
                ChunkSize = parse.GetValue(chunk),
                Labels = Labels(parse.GetRequiredValue(label)),
            };
            PublisherKey publisher = KeyFileOptions.Open(parse.GetRequiredValue(key), terminal);
            ManifestDocument document = Sign(publisher, content, parse.GetValue(encrypt), parse.GetRequiredValue(output), terminal);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                KeyFileOptions.Print(document, "signed", terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManifestDocument Sign(PublisherKey publisher, ManifestContent content, bool encrypt, string path, Terminal terminal)
    {
        string? storedFile = encrypt ? path + StoredSuffix : null;
        string? keyFile = encrypt ? path + ModelKeySuffix : null;
        byte[]? modelKey = null;
        if (keyFile is not null)
        {
            SecretFile.RequireNew(Path.GetFullPath(keyFile), KeyFileOptions.Files);
            modelKey = ModelEncryption.NewKey();
            byte[] nonce = ModelEncryption.NewNonce();
            content = content with { Stored = ModelEncryption.Encrypt(content.Stored, modelKey, nonce), Encryption = EncryptionBlock.Of(modelKey, nonce) };
        }
        byte[] blob = publisher.Sign(content);
        // The manifest comes last: where it is, all that it needs is there.
        if (modelKey is not null)
        {
            SecretFile.Create(Path.GetFullPath(keyFile!), SecretFile.ModelKind, modelKey, KeyFileOptions.Files);
            AtomicFile.WriteAllBytes(storedFile!, content.Stored);
        }
        AtomicFile.WriteAllBytes(path, blob);
        return KeyFileOptions.Describe(path, SignedManifest.Verify(blob, publisher.PublicKey), publisher.PublicKey, KeyFileOptions.Usage(publisher, terminal).Remaining, storedFile, keyFile);
    }

    private static DateTimeOffset Time(string text, DateTimeOffset now)
    {
        if (text.EndsWith('d') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is > 0 and <= 36500)
            return now.AddDays(days);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            return time > now ? time : throw new UsageException($"--expires {time:u} is in the past.", "Give a time to come.");
        throw new UsageException($"--expires takes a date or time, or a number of days, not '{text}'.", "For example 2030-01-31, 2030-01-31T12:00Z or 90d.");
    }

    private static ImmutableSortedDictionary<string, string> Labels(string[] labels)
    {
        ImmutableSortedDictionary<string, string>.Builder result = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            int at = label.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new UsageException($"--label takes NAME=VALUE, not '{label}'.", "For example --label site=Brno.");
            result[label[..at]] = label[(at + 1)..];
        }
        return result.ToImmutable();
    }
}
