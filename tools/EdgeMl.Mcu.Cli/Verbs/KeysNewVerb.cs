using System.CommandLine;
using System.Security.Cryptography;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota.Keys;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml keys new</c></summary>
internal static class KeysNewVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("FILE") { Description = "The new key file. A publisher's key comes with FILE.pub, which is public, and FILE.state and FILE.log, which count its signatures." };
        var device = new Option<bool>("--device") { Description = "Make the key of one device, 32 random bytes, instead of a publisher's." };
        var command = new VerbCommand("new", "Make a publisher's signing key (LMS, 1,020 manifests), or a device's key.",
            "edgeml keys new publisher.key",
            "edgeml keys new line-1.key --device")
        {
            path, device,
        };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            KeyDocument document;
            if (parse.GetValue(device))
            {
                SecretFile secret = SecretFile.Create(Path.GetFullPath(file), SecretFile.DeviceKind, RandomNumberGenerator.GetBytes(SecretFile.DeviceKeyBytes), KeyFileOptions.Files);
                document = new KeyDocument(file, "device", secret.Id, null, null, null, null, null);
            }
            else
            {
                PublisherKey key = PublisherKey.Create(KeyPaths.Of(file), KeyFileOptions.Files);
                document = KeyFileOptions.Describe(file, key, key.Usage());
                terminal.Error.WriteLine("Keep the key file and its .state and .log together, on this machine only: a copy of them is refused. Devices and relays get the .pub file.");
            }
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                terminal.Output.WriteLine($"{document.Kind} key {document.Id} -> {file}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
