using System.CommandLine;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota trust</c></summary>
internal static class OtaTrustVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Description = "A publisher's public key for a fleet that has none, or a rotation signed by the present one.", Arity = ArgumentArity.ZeroOrOne };
        var command = new VerbCommand("trust", "Show or set the publisher key whose signatures a fleet accepts.",
            "edgeml ota trust publisher.pub",
            "edgeml ota trust rotation.cose",
            "edgeml ota trust") { file };
        return RelayVerb.Asking(command, terminal,
            async (parse, relay, stop) =>
            {
                if (parse.GetValue(file) is not string path)
                    return await relay.PublisherKeysAsync(stop);
                byte[] content = DataFile.ReadAllBytes(path);
                PublisherKeyInfo key = IsRotation(content) ? await relay.RotatePublisherKeyAsync(content, stop) : await relay.SetPublisherKeyAsync(PublicKeyFile.Read(content, path).PublicKey, stop);
                return [key];
            },
            keys =>
            {
                foreach (PublisherKeyInfo key in keys)
                    terminal.Output.WriteLine($"generation {key.Generation}: {key.PublicKey}");
                if (keys.Length == 0)
                    terminal.Error.WriteLine("The fleet accepts no signature yet. 'edgeml keys new' makes a key; give its public part to 'edgeml ota trust'.");
            });
    }

    // COSE_Sign1 begins with the CBOR tag 18; a key file is JSON, hex or bare bytes of another kind.
    private static bool IsRotation(byte[] content) => content is [0xD2, 0x84, ..];
}
