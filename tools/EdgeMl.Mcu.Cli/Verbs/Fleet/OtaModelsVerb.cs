using System.CommandLine;
using EdgeMl.Mcu.Relay.Client;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Verbs.Fleet;

/// <summary><c>edgeml ota models</c></summary>
internal static class OtaModelsVerb
{
    private const int IdDigits = 16;

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new VerbCommand("models", "List the published models, newest first.", "edgeml ota models", "edgeml ota models --json");
        return RelayVerb.Asking(command, terminal, (_, relay, stop) => relay.ArtifactsAsync(stop), artifacts => Print(terminal, artifacts));
    }

    private static void Print(Terminal terminal, ArtifactInfo[] artifacts)
    {
        if (artifacts.Length == 0)
        {
            terminal.Error.WriteLine("No model is published yet: 'edgeml sign', then 'edgeml ota publish'.");
            return;
        }
        Table table = new Table().Border(TableBorder.Simple).AddColumns("model", "manifest");
        foreach (string title in new[] { "bytes", "epoch", "ABI", "RAM" })
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (ArtifactInfo artifact in artifacts)
        {
            table.AddRow(
                Markup.Escape($"{artifact.Name}@{artifact.Version}{(artifact.IsEncrypted ? " (encrypted)" : "")}"), artifact.Id[..IdDigits] + "…",
                $"{artifact.LengthBytes:N0}", $"{artifact.Epoch}", $"{artifact.RuntimeAbi}", $"{artifact.RamBytes:N0}");
        }
        terminal.Draw(table);
    }
}
