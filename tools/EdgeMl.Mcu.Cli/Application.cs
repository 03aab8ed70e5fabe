using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;

namespace EdgeMl.Mcu.Cli;

/// <summary>Parses a command line, runs its verb and turns every failure into one message and an exit code.</summary>
internal static class Application
{
    /// <summary>Runs a command line.</summary>
    /// <returns>A code of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] arguments, Terminal terminal)
    {
        try
        {
            ParseResult parse = CommandTree.Create(terminal).Parse(arguments);
            bool isHelp = parse.Action is HelpWithExamples;
            if (parse.Errors.Count > 0 && !isHelp)
                return Report(UsageErrors.Of(parse), arguments, terminal);
            return parse.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Ctrl-C is the program's own matter: verbs stop between samples.
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // The one place where every failure ends; nothing may show a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (Environment.GetEnvironmentVariable("EDGEML_TRACE") == "1")
                terminal.Error.WriteLine(e);
            return Report(Failure.Of(e), arguments, terminal);
        }
    }

    private static int Report(Failure failure, string[] arguments, Terminal terminal)
    {
        if (arguments.Contains(VerbCommand.JsonOptionName))
        {
            JsonOutput.WriteError(terminal.Output, failure);
        }
        else
        {
            terminal.Error.WriteLine($"error {failure.Code}: {failure.Message}");
            if (failure.Hint is not null)
                terminal.Error.WriteLine($"hint: {failure.Hint}");
        }
        return failure.ExitCode;
    }
}
