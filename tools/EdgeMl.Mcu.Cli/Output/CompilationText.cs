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
                Markup.Escape(layer.Name), layer.Operator, layer.Variant, Count(layer.Macs), Count(layer.Weights), layer.Weights == 0 ? "-" : $"{layer.WeightsLive:N0}",
                $"{layer.IlInstructions:N0}", layer.Macs == 0 ? "-" : $"{(double)layer.IlInstructions / layer.Macs:F2}", Count(layer.CodeBytes));
        }
        terminal.Draw(table);
        terminal.Output.WriteLine($"{document.Output}: class {document.Class}, {document.Assemblies.Sum(assembly => assembly.Files)} files, {document.CodeBytes:N0} bytes of bytecode");
        foreach (CompiledAssemblyDocument assembly in document.Assemblies)
        {
            terminal.Output.WriteLine(
                $"  {assembly.Project}: bytecode {assembly.CodeBytes:N0}/{assembly.CodeLimitBytes:N0} bytes, {100.0 * assembly.CodeBytes / assembly.CodeLimitBytes:F0} %; data {assembly.DataBytes:N0} bytes");
        }
        terminal.Output.WriteLine($"needs {string.Join(", ", document.RuntimeAssemblies)}");
        string rate = document.IlPerMac is { } perMac ? $", {perMac:F2} for each of {document.Macs:N0} multiply-accumulates" : "";
        terminal.Output.WriteLine($"about {document.IlInstructions:N0} IL instructions an inference{rate}");
        terminal.Output.WriteLine(
            $"heap {document.HeapBytes:N0} bytes: model {document.ModelBytes:N0}, arena {document.ArenaBytes:N0}, scratch {document.ScratchBytes:N0}, tables {document.TableBytes:N0}");
        terminal.Error.WriteLine($"hint: var interpreter = {document.Class}.Create();");
        terminal.Error.WriteLine($"hint: build it on the host with dotnet build {Path.Join(document.Output, document.Assemblies[0].Project)}; its first lines say where the runtime comes from");
    }

    private static string Count(long number) => number == 0 ? "-" : $"{number:N0}";
}
