using System.CommandLine;
using System.Text;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml monitor</c></summary>
internal static class MonitorVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Option<string> port = FlashVerb.PortOption();
        Option<int?> baud = FlashVerb.BaudOption();
        var restart = new Option<bool>("--restart") { Description = "Restart the program first, and show it from its first line." };
        var untilExit = new Option<bool>("--until-exit") { Description = "End when the program on the board ends." };
        var command = new VerbCommand("monitor", "Show what the program on a board prints, until Ctrl-C.",
            "edgeml monitor --port /dev/ttyUSB0 --restart", "edgeml monitor --port COM3 --until-exit")
        {
            Reports = false,
        };
        foreach (Option option in new Option[] { port, baud, restart, untilExit })
            command.Options.Add(option);
        command.SetAction(parse =>
        {
            using WireConnection connection = WireConnection.Open(parse.GetRequiredValue(port), parse.GetValue(baud), terminal.Cancellation);
            Watch(terminal, connection, parse.GetValue(restart), parse.GetValue(untilExit));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Watch(Terminal terminal, WireConnection connection, bool restart, bool untilExit)
    {
        using var ended = new ManualResetEventSlim();
        Decoder decoder = Encoding.UTF8.GetDecoder();
        connection.Output += bytes =>
        {
            char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            int count = decoder.GetChars(bytes, text, flush: false);
            terminal.Output.Write(text, 0, count);
            terminal.Output.Flush();
        };
        connection.ProgramEnded += () =>
        {
            terminal.Error.WriteLine("The program has ended.");
            if (untilExit)
                ended.Set();
        };
        var client = new WireClient(connection);
        if (restart)
            new BoardRestart(connection, client).Start(terminal.Cancellation);
        else if (client.Identify(cancellationToken: terminal.Cancellation).ProgramHasEnded)
        {
            terminal.Error.WriteLine("The program on the board has ended already; --restart starts it again.");
            if (untilExit)
                return;
        }
        while (!ended.Wait(TimeSpan.FromSeconds(1), terminal.Cancellation))
            connection.ThrowIfLost();
    }
}
