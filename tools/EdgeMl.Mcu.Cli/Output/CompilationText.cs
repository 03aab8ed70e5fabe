using EdgeMl.Mcu.Toolchain.Emit.CSharp;
using Spectre.Console;

namespace EdgeMl.Mcu.Cli.Output;

/// <summary>The report of <c>edgeml compile</c> for people.</summary>
internal static class CompilationText
{
    /// <summary>Prints the report.</summary>
    public static void Print(Terminal terminal, CompilationDocument document)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("layer").AddColumn("operator").AddColumn("code");
        foreach (string number in new[] { "MACs", "weights", "not 0", "IL", "IL/MAC", "bytes" })
            table.AddColumn(new TableColumn(number).RightAligned());
        foreach (CompiledLayer layer in document.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Operator, layer.Variant, $"{layer.Macs:N0}", $"{layer.Weights:N0}", $"{layer.WeightsLive:N0}",
                $"{layer.IlInstructions:N0}", layer.Macs == 0 ? "-" : $"{(double)layer.IlInstructions / layer.Macs:F2}", layer.CodeBytes == 0 ? "-" : $"{layer.CodeBytes:N0}");
        }
        terminal.Draw(table);
        terminal.Output.WriteLine($"{document.Output}: class {document.Class}, {document.Assemblies.Sum(assembly => assembly.Files)} files, {document.CodeBytes:N0} bytes of bytecode");
        foreach (CompiledAssemblyDocument assembly in document.Assemblies)
        {
            terminal.Output.WriteLine(
                $"  {assembly.Project}: bytecode {assembly.CodeBytes:N0}/{assembly.CodeLimitBytes:N0} bytes, {100.0 * assembly.CodeBytes / assembly.CodeLimitBytes:F0} %; data {assembly.DataBytes:N0} bytes");
        }
        if (document.IlPerMac is { } rate)
            terminal.Output.WriteLine($"about {document.IlInstructions:N0} IL instructions an inference, {rate:F2} for each of {document.Macs:N0} multiply-accumulates");
        terminal.Output.WriteLine(
            $"heap {document.HeapBytes:N0} bytes: model {document.ModelBytes:N0}, arena {document.ArenaBytes:N0}, scratch {document.ScratchBytes:N0}, tables {document.TableBytes:N0}");
    }
}
