using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml keys rotate</c></summary>
internal static class KeysRotateVerb
{
    private const string RotationSuffix = ".rotation";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("FILE") { Description = "The publisher's present key." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The next key; NEW.rotation, signed by the present one, tells devices about it. A NEW that was cut off half-way is taken up again.",
            HelpName = "NEW",
            Required = true,
        };
        var command = new VerbCommand("rotate", "Make the publisher's next key and sign it with the present one, which then signs no more.",
            "edgeml keys rotate publisher.key -o publisher-2.key")
        {
            path, output,
        };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(output);
            PublisherKey key = KeyFileOptions.Open(parse.GetRequiredValue(path), terminal);
            // Nothing is made for a key that cannot sign its successor.
            _ = key.Usage();
            PublisherKey next = File.Exists(file) ? PublisherKey.Open(KeyPaths.Of(file), KeyFileOptions.Files) : PublisherKey.Create(KeyPaths.Of(file), KeyFileOptions.Files, key.Generation + 1);
            byte[] rotation = key.SignRotation(next);
            AtomicFile.WriteAllBytes(file + RotationSuffix, rotation);
            var document = new RotationDocument(key.Id, KeyFileOptions.Describe(file, next, next.Usage()), file + RotationSuffix);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                terminal.Output.WriteLine($"key {document.From} -> key {document.To.Id} (generation {document.To.Generation}); publish {document.Rotation}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
