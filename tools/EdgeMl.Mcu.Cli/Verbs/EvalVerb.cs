using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml eval</c></summary>
internal static class EvalVerb
{
    private const string AccuracyMetric = "accuracy";
    private const string MeanSquaredErrorMetric = "mse";
    private const string AucMetric = "auc";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = SampleOptions.Model();
        Option<bool> noOptimize = SampleOptions.NoOptimize();
        Option<string[]> input = SampleOptions.Input();
        Option<bool> raw = SampleOptions.Raw();
        var labels = new Option<string>("--labels", "-l")
        {
            Description = "One class a sample (.npy, .csv); for mse the target values, for auc 0 (normal) or 1.",
            HelpName = "FILE",
            Required = true,
        };
        var metric = new Option<string>("--metric") { Description = "What to measure, on the model's first output; accuracy on the first one with several values.", DefaultValueFactory = _ => AccuracyMetric };
        metric.AcceptOnlyFromAmong(AccuracyMetric, MeanSquaredErrorMetric, AucMetric);
        var command = new VerbCommand("eval", "Measure how good a model is on labelled samples.",
            "edgeml eval digits.emlm --input x_test.npy --labels y_test.npy",
            "edgeml eval machine.tflite --input sounds.npy --labels anomaly.npy --metric auc")
        {
            model, input, labels, metric, raw, noOptimize,
        };
        command.SetAction(parse =>
        {
            ModelRunner runner = ModelFile.Open(parse.GetRequiredValue(model), !parse.GetValue(noOptimize)).CreateRunner();
            SampleSet[] inputs = PortFiles.Read(input.Name, runner.Inputs, parse.GetRequiredValue(input), parse.GetValue(raw));
            string labelPath = parse.GetRequiredValue(labels);
            bool json = parse.GetValue(command.Json);
            switch (parse.GetValue(metric))
            {
                case MeanSquaredErrorMetric:
                    float[] targets = LabelFile.ReadTargets(labelPath, runner.Outputs[0]);
                    PrintMeanSquaredError(terminal, runner.Name, Samples.Run(runner, inputs, terminal)[0], targets, json);
                    break;
                case AucMetric:
                    int[] anomalies = LabelFile.ReadClasses(labelPath, classes: 2);
                    PrintAuc(terminal, runner.Name, inputs[0], Samples.Run(runner, inputs, terminal)[0], anomalies, json);
                    break;
                default:
                    int scores = ScoresOutput(runner);
                    int count = runner.Outputs[scores].SourceShape.ElementCount;
                    int[] classes = LabelFile.ReadClasses(labelPath, count);
                    LabelFile.CheckCount(classes.Length, inputs[0].Count);
                    int[] predictions = Classification.Predictions(Samples.Run(runner, inputs, terminal)[scores]);
                    PrintAccuracy(terminal, AccuracyReport.Of(runner.Name, predictions, classes, count), json);
                    break;
            }
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The first output with a value for each class: ONNX classifiers of classical kinds give the label first.</summary>
    private static int ScoresOutput(ModelRunner runner)
    {
        for (int i = 0; i < runner.Outputs.Count; i++)
        {
            if (runner.Outputs[i].SourceShape.ElementCount > 1)
                return i;
        }
        throw new ToolchainException(ErrorCodes.ShapeMismatch, $"The output '{runner.Outputs[0].Name}' has one value a sample; accuracy needs one for each class.",
            "Use --metric mse for a regression and --metric auc for a score.");
    }

    private static void PrintAccuracy(Terminal terminal, AccuracyReport report, bool json)
    {
        if (json)
        {
            JsonOutput.Write(terminal.Output, report);
            return;
        }
        terminal.Output.WriteLine($"{report.Model}: accuracy {report.Accuracy:P2} ({report.Correct} of {report.Total})");
        terminal.Output.WriteLine();
        terminal.Draw(ConfusionTable.Create(report.Confusion));
    }

    private static void PrintMeanSquaredError(Terminal terminal, string model, SampleSet output, float[] targets, bool json)
    {
        double error = ScalarMetrics.MeanSquaredError(output.Reals(), targets);
        if (json)
            JsonOutput.Write(terminal.Output, new MeanSquaredErrorDocument(model, error, output.Count));
        else
            terminal.Output.WriteLine($"{model}: mean squared error {error:G6} ({output.Count} samples)");
    }

    private static void PrintAuc(Terminal terminal, string model, SampleSet input, SampleSet output, int[] labels, bool json)
    {
        double auc = ScalarMetrics.Auc(ScalarMetrics.Scores(input, output), labels);
        if (json)
            JsonOutput.Write(terminal.Output, new AucDocument(model, auc, output.Count));
        else
            terminal.Output.WriteLine($"{model}: AUC {auc:F4} ({output.Count} samples)");
    }
}
