using EdgeMl.Mcu.Cli;
using EdgeMl.Mcu.Cli.Verbs;
using EdgeMl.Mcu.Toolchain.Data;

// The commonest question of scripts is answered without loading the command line library.
if (args is ["version"] or ["--version"])
{
    Console.Out.WriteLine(VersionVerb.Text);
    return ExitCodes.Ok;
}

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    if (interrupt.IsCancellationRequested)
    {
        // The second Ctrl-C does not wait for the verb.
        AtomicFile.DiscardUnfinished();
        Environment.Exit(ExitCodes.Interrupted);
    }
    e.Cancel = true;
    interrupt.Cancel();
};
return Application.Run(args, Terminal.OfProcess(interrupt.Token));
