using System.CommandLine;
using EdgeMl.Mcu.Bench.Serial;
using EdgeMl.Mcu.Cli.Output;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml ports</c></summary>
internal static class PortsVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("ports", "List the serial ports of this machine, with USB ids and a guess of the board.", "edgeml ports", "edgeml ports --json");
        command.SetAction(parse =>
        {
            IReadOnlyList<SerialPortInfo> ports = SerialPorts.List();
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, ports);
            else if (ports.Count > 0)
                terminal.Draw(TableOf(ports));
            else
                terminal.Error.WriteLine("No serial port is there. Is the board plugged in, by a cable that carries data?");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Table TableOf(IReadOnlyList<SerialPortInfo> ports)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("port", "USB", "product", "probably");
        foreach (SerialPortInfo port in ports)
        {
            string ids = port is { VendorId: int vendor, ProductId: int product } ? $"{vendor:x4}:{product:x4}" : "";
            table.AddRow(Markup.Escape(port.Name), ids, Markup.Escape(port.Product ?? ""), Markup.Escape(port.Guess ?? ""));
        }
        return table;
    }
}
