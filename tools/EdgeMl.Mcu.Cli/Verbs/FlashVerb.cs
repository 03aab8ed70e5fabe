using System.CommandLine;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Boards;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml flash</c></summary>
internal static class FlashVerb
{
    private const int ProgressSteps = 100;

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Option<string> port = PortOption();
        var board = new Option<string?>("--board", "-b") { Description = "The board that must be there; any other one is refused.", HelpName = "NAME" };
        var app = new Option<string?>("--app") { Description = "Folder with the .pe files of the built application.", HelpName = "DIR" };
        var model = new Option<string?>("--model") { Description = $"A device model (.emlm), written to {BoardFlasher.ModelPath}.", HelpName = "FILE" };
        var clr = new Option<bool>("--clr") { Description = "First put the nanoFramework firmware of --board on it, with the public tool nanoff." };
        var massErase = new Option<bool>("--masserase") { Description = "With --clr: erase all flash of the board first, its files and configuration included." };
        var link = new Option<string?>("--link") { Description = "Serial port of the bench link: the application's hello is waited for, and a model goes there where the firmware has no files.", HelpName = "PORT" };
        Option<int?> baud = BaudOption();
        var command = new VerbCommand("flash", "Put an application and a model on a board over its serial port, restart it and check that it runs.",
            "edgeml flash --port /dev/ttyUSB0 --board ESP32 --app bin/Release --model digits.emlm",
            "edgeml flash --port COM3 --board ESP32-S3 --clr --app bin/Release")
        {
            port, board, app, model, clr, massErase, link, baud,
        };
        command.SetAction(parse =>
        {
            string portName = parse.GetRequiredValue(port);
            Board? target = parse.GetValue(board) is string name ? BoardCatalog.Find(name) : null;
            IReadOnlyList<NanoAssemblyFile> application = parse.GetValue(app) is string folder ? NanoAssemblyFile.ReadFolder(folder) : [];
            byte[]? content = parse.GetValue(model) is string path ? ReadModel(path) : null;
            bool withClr = parse.GetValue(clr);
            if (application.Count == 0 && content is null && !withClr)
                throw new UsageException("There is nothing to flash.", "Give --app, --model or --clr.");
            if (parse.GetValue(massErase) && !withClr)
                throw new UsageException("--masserase needs --clr.", "Without firmware a board runs no application.");
            if (withClr)
                PutFirmware(terminal, target ?? throw new UsageException("--clr needs --board.", "All boards: edgeml plan --list"), portName, parse.GetValue(massErase));
            FlashReport report;
            using (var progress = new ProgressLine(terminal, "flashing", ProgressSteps))
            {
                using LinkClient? linked = parse.GetValue(link) is string linkPort ? LinkClient.Open(linkPort) : null;
                var flasher = new BoardFlasher(portName, target?.Firmware) { BaudRate = parse.GetValue(baud), ModelLink = linked is null ? null : new BenchModelLink(linked) };
                report = Run(terminal, flasher, application, content, progress);
            }
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, report);
            else
                Print(terminal, report);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The option that sets a serial port's rate.</summary>
    internal static Option<int?> BaudOption() =>
        new("--baud") { Description = $"Rate of the serial port; without it {string.Join(", ", WireConnection.BaudRates)} are tried.", HelpName = "RATE" };

    private static FlashReport Run(Terminal terminal, BoardFlasher flasher, IReadOnlyList<NanoAssemblyFile> application, byte[]? model, ProgressLine progress)
    {
        try
        {
            return flasher.Run(application, model, (_, part) => progress.Report(part), terminal.Cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("The board may have no application to start now; the same command again goes on where this one was.");
            throw;
        }
    }

    private static void PutFirmware(Terminal terminal, Board board, string port, bool massErase)
    {
        string way = board.FirmwareInterface ?? FirmwareInterfaces.Serial;
        ClrImage.Flash(ClrImage.Arguments(board.Firmware, port, way, massErase), terminal.Error.WriteLine, terminal.Cancellation);
    }

    /// <summary>The option that names a serial port.</summary>
    internal static Option<string> PortOption() => new("--port", "-p") { Description = "Serial port; 'edgeml ports' lists them.", HelpName = "PORT", Required = true };

    private static byte[] ReadModel(string path)
    {
        byte[] content = DataFile.ReadAllBytes(path);
        DeviceModelFile.Parse(content, path);
        return content;
    }

    private static void Print(Terminal terminal, FlashReport report)
    {
        terminal.Output.WriteLine($"{report.Board.Name} on {report.Port}: nanoCLR {report.Board.ClrVersion}");
        foreach (FlashRegion region in report.Regions.Where(region => region.UsedBytes > 0))
            terminal.Output.WriteLine($"{region.Name}: {region.UsedBytes:N0} of {region.LimitBytes:N0} bytes, {region.Percent:F1} %");
        if (report.Deployment is { } done)
            terminal.Output.WriteLine($"sectors: {done.Erased} erased, {done.Written} written{(done.Repeated > 0 ? $" ({done.Repeated} twice)" : "")}, {done.Unchanged} of {done.Sectors} were right already");
        if (report.Model is { } model)
            terminal.Output.WriteLine($"model: {model.Bytes:N0} bytes in {model.Path}");
        string assemblies = string.Join(", ", report.Assemblies.Select(assembly => $"{assembly.Name} {assembly.Version}"));
        terminal.Output.WriteLine($"{(report.IsRunning ? "running" : "ran and ended")}: {(assemblies.Length > 0 ? assemblies : "nothing")}");
        if (report.Hello is { } hello)
            terminal.Output.WriteLine(hello);
    }
}
