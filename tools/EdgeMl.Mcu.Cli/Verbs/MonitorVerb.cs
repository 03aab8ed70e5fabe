using System.CommandLine;
using System.Text;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Bench.WireProtocol;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml monitor</c></summary>
internal static class MonitorVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Option<string> port = FlashVerb.PortOption();
        var untilExit = new Option<bool>("--until-exit") { Description = "End when the program on the board ends." };
        var command = new VerbCommand("monitor", "Show what the program on a board prints, until Ctrl-C.", "edgeml monitor --port /dev/ttyUSB0", "edgeml monitor --port COM3 --until-exit")
        {
            Reports = false,
        };
        command.Options.Add(port);
        command.Options.Add(untilExit);
        command.SetAction(parse =>
        {
            Watch(terminal, parse.GetRequiredValue(port), parse.GetValue(untilExit));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Watch(Terminal terminal, string port, bool untilExit)
    {
        using var ended = new ManualResetEventSlim();
        Decoder decoder = Encoding.UTF8.GetDecoder();
        using var connection = new WireConnection(SerialPort.Open(port));
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
        while (!ended.Wait(TimeSpan.FromSeconds(1), terminal.Cancellation))
            connection.ThrowIfLost();
    }
}
