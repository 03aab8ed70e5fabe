using System.CommandLine;
using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;
using EdgeMl.Mcu.Cli.Hil;
using EdgeMl.Mcu.Cli.Output;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml bench check</c></summary>
internal static class BenchCheckVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = BenchVerb.File();
        var command = new VerbCommand("check", "Read a bench, its boards and its models, without touching any port.", "edgeml bench check hardware/benches/esp32-devkitc.json")
        {
            file,
        };
        command.SetAction(parse =>
        {
            BenchConfiguration bench = BenchFile.Read(parse.GetRequiredValue(file));
            var services = new CliBenchServices(terminal.Cancellation);
            var document = new BenchCheckDocument(
                bench.Name,
                [.. bench.Boards.Select(board => new CheckedBoard(board.Name, services.Board(board.Board).Name, board.WirePort, board.LinkPort, board.Power is not null || board.Virtual is not null, board.Virtual is not null))],
                [.. bench.Models.Select(services.Model).Select(Checked)]);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, document);
            else
                Print(terminal, document);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static CheckedModel Checked(GoldenModel model) => new(model.Name, model.File.Length, model.Vectors.Count);

    private static void Print(Terminal terminal, BenchCheckDocument document)
    {
        terminal.Output.WriteLine($"ok: bench {document.Name}");
        foreach (CheckedBoard board in document.Boards)
        {
            string place = board.IsVirtual ? "virtual" : $"Wire Protocol on {board.WirePort}, link on {board.LinkPort}, {(board.HasPower ? "switched" : "not switched")}";
            terminal.Output.WriteLine($"board {board.Name}: {board.Board}, {place}");
        }
        foreach (CheckedModel model in document.Models)
            terminal.Output.WriteLine($"model {model.Name}: {model.Bytes:N0} bytes, {model.Vectors} golden vectors");
    }
}

/// <summary>A bench that can be run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Boards">Its boards.</param>
/// <param name="Models">Its models.</param>
internal sealed record BenchCheckDocument(string Name, IReadOnlyList<CheckedBoard> Boards, IReadOnlyList<CheckedModel> Models);

/// <summary>A board of a bench.</summary>
internal sealed record CheckedBoard(string Name, string Board, string? WirePort, string? LinkPort, bool HasPower, bool IsVirtual);

/// <summary>A model of a bench.</summary>
internal sealed record CheckedModel(string Name, int Bytes, int Vectors);
