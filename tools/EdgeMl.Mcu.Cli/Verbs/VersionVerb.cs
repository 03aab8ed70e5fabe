using System.CommandLine;
using System.Reflection;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml version</c></summary>
internal static class VersionVerb
{
    /// <summary>Version of the tool, without build metadata.</summary>
    public static string Text =>
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("version", "Print the version of the tool.", "edgeml version", "edgeml version --json");
        command.SetAction(parse =>
        {
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, new VersionDocument(Text, ModelFormat.Version, ModelFormat.RuntimeAbi));
            else
                terminal.Output.WriteLine(Text);
            return ExitCodes.Ok;
        });
        return command;
    }
}
