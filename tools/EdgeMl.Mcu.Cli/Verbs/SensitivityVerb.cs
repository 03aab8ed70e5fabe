using System.CommandLine;
using System.Text;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Pruning;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml sensitivity</c></summary>
internal static class SensitivityVerb
{
    private const string ChartExtension = ".svg";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A float or int8 model: .onnx or .tflite." };
        var data = new Option<string[]>("--data", "-d")
        {
            Description = "Input samples (.npy, .csv, .bin), in the source model's layout; repeatable, one for each input. Half of them calibrate, half are measured on.",
            HelpName = "[NAME=]FILE",
            Required = true,
        };
        var labels = new Option<string?>("--labels", "-l") { Description = "One class a sample (.npy, .csv); without, the signal-to-noise ratio of the outputs is measured.", HelpName = "FILE" };
        var output = new Option<string?>("--output", "-o") { Description = "A chart to write (.svg).", HelpName = "FILE.svg" };
        var command = new VerbCommand("sensitivity", "Show how a model does when one of its layers loses weights, or has fewer bits for them.",
            "edgeml sensitivity digits.onnx --data x_train.npy --labels y_train.npy -o digits.svg",
            "edgeml sensitivity kws.tflite --data sounds.npy --json")
        {
            model, data, labels, output,
        };
        command.SetAction(parse =>
        {
            string? chart = parse.GetValue(output);
            if (chart is not null && !Path.GetExtension(chart).Equals(ChartExtension, StringComparison.OrdinalIgnoreCase))
                throw new UsageException($"The chart is an {ChartExtension} file, and '{chart}' does not end so.");
            ModelFile file = ModelFile.Open(parse.GetRequiredValue(model));
            ModelGraph graph = file.Graph
                ?? throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{file.Name}' is a device model.", "Measure the model that it came from.");
            SampleSet[] inputs = PortFiles.Read(data.Name, graph.Inputs, parse.GetRequiredValue(data), raw: false);
            int[]? classes = parse.GetValue(labels) is { } path ? LabelFile.ReadClasses(path, graph.Outputs[0].SourceShape.ElementCount) : null;
            SensitivityReport report = Measure(graph, inputs, classes, terminal);
            if (chart is not null)
                AtomicFile.WriteAllBytes(chart, Encoding.UTF8.GetBytes(SensitivityChart.Draw(report)));
            if (parse.GetValue(command.Json))
            {
                JsonOutput.Write(terminal.Output, report);
                return ExitCodes.Ok;
            }
            terminal.Draw(SensitivityTable.Create(report, "sparsity", layer => layer.Sparsity, value => $"{value:P0}"));
            terminal.Output.WriteLine();
            terminal.Draw(SensitivityTable.Create(report, "bits", layer => layer.Bits, value => $"{value} bit"));
            terminal.Output.WriteLine(report.Accuracy is { } accuracy
                ? $"{report.Model}: accuracy {accuracy:P2} unchanged, with one layer changed as above; {report.Samples} samples"
                : $"{report.Model}: signal to noise of the outputs in dB with one layer changed; {report.Samples} samples");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static SensitivityReport Measure(ModelGraph graph, SampleSet[] inputs, int[]? classes, Terminal terminal)
    {
        using var progress = new ProgressLine(terminal, "Measuring", 100);
        return SensitivityAnalysis.Measure(graph, CalibrationSamples.ToGraphLayout(inputs), classes, progress: progress, cancellation: terminal.Cancellation);
    }
}
