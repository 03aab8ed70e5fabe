using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Cli;

/// <summary>Makes verbs that ask a relay one thing and print its answer.</summary>
internal static class RelayVerb
{
    /// <summary>Gives a verb the relay's options and its action.</summary>
    /// <param name="command">The verb, with its own options.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="ask">Asks the relay.</param>
    /// <param name="print">Prints the answer for people; <c>--json</c> prints it as it is.</param>
    public static VerbCommand Asking<T>(VerbCommand command, Terminal terminal, Func<ParseResult, RelayClient, CancellationToken, Task<T>> ask, Action<T> print)
    {
        var connection = new RelayConnection();
        connection.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            using RelayClient client = connection.Open(parse, terminal);
            T answer = await ask(parse, client, terminal.Cancellation);
            if (parse.GetValue(command.Json))
                JsonOutput.WriteRelay(terminal.Output, answer);
            else
                print(answer);
            return ExitCodes.Ok;
        });
        return command;
    }
}
