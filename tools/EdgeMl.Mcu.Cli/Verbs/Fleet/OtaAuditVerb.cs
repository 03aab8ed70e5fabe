using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Relay.Audit;
using EdgeMl.Mcu.Relay.Client;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota audit</c></summary>
internal static class OtaAuditVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var verify = new Option<string?>("--verify") { Description = "Check an exported log, without a relay.", HelpName = "FILE" };
        var output = new Option<string?>("--output", "-o") { Description = "File to export the relay's log to; without it the log is printed.", HelpName = "FILE" };
        var connection = new RelayConnection();
        var command = new VerbCommand("audit", "Export the relay's audit log, or check an exported one: each entry holds the hash of the one before.",
            "edgeml ota audit -o audit.jsonl",
            "edgeml ota audit --verify audit.jsonl")
        {
            verify, output,
        };
        connection.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(verify) is string path)
                return Verify(terminal, path, parse.GetValue(command.Json));
            using RelayClient relay = connection.Open(parse, terminal);
            using var log = new MemoryStream();
            await relay.ExportAuditAsync(log, terminal.Cancellation);
            log.Position = 0;
            AuditVerification found = await AuditLog.VerifyAsync(log, terminal.Cancellation);
            if (parse.GetValue(output) is string file)
            {
                AtomicFile.WriteAllBytes(file, log.ToArray());
                Report(terminal, found, parse.GetValue(command.Json));
                return ExitCodes.Ok;
            }
            log.Position = 0;
            terminal.Output.Write(await new StreamReader(log).ReadToEndAsync(terminal.Cancellation));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static int Verify(Terminal terminal, string path, bool json)
    {
        using var log = new MemoryStream(DataFile.ReadAllBytes(path));
        Report(terminal, AuditLog.Verify(log), json);
        return ExitCodes.Ok;
    }

    private static void Report(Terminal terminal, AuditVerification found, bool json)
    {
        if (json)
            JsonOutput.WriteRelay(terminal.Output, found);
        else
            terminal.Output.WriteLine($"{found.Entries:N0} entries, unbroken; the last hash is {found.LastHash}");
    }
}
