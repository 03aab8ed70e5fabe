using System.CommandLine;
using System.CommandLine.Help;
using EdgeMl.Mcu.Cli.Verbs;
using EdgeMl.Mcu.Cli.Verbs.Configure;
using EdgeMl.Mcu.Cli.Verbs.Fleet;

namespace EdgeMl.Mcu.Cli;

/// <summary>All verbs.</summary>
internal static class CommandTree
{
    private const int HelpWidthMax = 120;

    /// <summary>The command line of the tool, writing to a terminal.</summary>
    public static Command Create(Terminal terminal)
    {
        // A plain command: RootCommand takes its name from the process, which is another one under test.
        var root = new Command("edgeml", "Machine learning for .NET nanoFramework microcontrollers: from a trained model to int8 on the device.")
        {
            ConvertVerb.Create(terminal),
            QuantizeVerb.Create(terminal),
            PruneVerb.Create(terminal),
            SensitivityVerb.Create(terminal),
            CompileVerb.Create(terminal),
            InspectVerb.Create(terminal),
            RunVerb.Create(terminal),
            VerifyVerb.Create(terminal),
            EvalVerb.Create(terminal),
            PlanVerb.Create(terminal),
            PortsVerb.Create(terminal),
            FlashVerb.Create(terminal),
            DeviceVerbs.Create(terminal),
            MonitorVerb.Create(terminal),
            BenchVerb.Create(terminal),
            KeysVerb.Create(terminal),
            SignVerb.Create(terminal),
            RelayVerbs.Create(terminal),
            DevicesVerbs.Create(terminal),
            OtaVerbs.Create(terminal),
            SimVerb.Create(terminal),
            DemoVerb.Create(terminal),
            VersionVerb.Create(terminal),
        };
        foreach (VerbCommand verb in VerbsOf(root).Where(verb => verb.Reports))
            verb.Options.Add(verb.Json);
        var help = new HelpOption { Recursive = true };
        var action = (HelpAction)help.Action!;
        action.MaxWidth = Math.Min(terminal.Width, HelpWidthMax);
        help.Action = new HelpWithExamples(action);
        root.Options.Add(help);
        root.SetAction(parse =>
        {
            parse.InvocationConfiguration.Output = terminal.Error;
            action.Invoke(parse);
            return ExitCodes.Usage;
        });
        return root;
    }

    // A verb that has verbs of its own, as `keys new`, is a plain command.
    private static IEnumerable<VerbCommand> VerbsOf(Command command) =>
        command.Subcommands.SelectMany(child => child is VerbCommand verb ? [verb] : VerbsOf(child));
}
