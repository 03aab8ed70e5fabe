using System.CommandLine;
using System.Text;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml run</c></summary>
internal static class RunVerb
{
    private const string OutputOptionName = "--output";

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = SampleOptions.Model();
        Option<bool> noOptimize = SampleOptions.NoOptimize();
        Option<string[]> input = SampleOptions.Input();
        Option<bool> raw = SampleOptions.Raw();
        var output = new Option<string[]>(OutputOptionName, "-o")
        {
            Description = "Where outputs go (.npy, .csv, .bin); repeatable. Without any, they are printed.",
            HelpName = "[NAME=]FILE",
        };
        var command = new VerbCommand("run", "Run a model on samples: int8 models on the device runtime, float models on the float executor.",
            "edgeml run digits.emlm --input x_test.npy                      # prints one line a sample",
            "edgeml run digits.onnx --input x_test.npy --output scores.npy",
            "edgeml run two.tflite --input a=a.bin --input b=b.bin -o sum=sum.bin")
        {
            model, input, output, raw, noOptimize,
        };
        command.SetAction(parse =>
        {
            ModelRunner runner = ModelFile.Open(parse.GetRequiredValue(model), !parse.GetValue(noOptimize)).CreateRunner();
            bool isRaw = parse.GetValue(raw);
            string?[] files = PortFiles.Assign(OutputOptionName, runner.Outputs, parse.GetValue(output) ?? []);
            foreach (string file in files.OfType<string>())
                DataFormats.Of(file);
            SampleSet[] inputs = PortFiles.Read(input.Name, runner.Inputs, parse.GetRequiredValue(input), isRaw);
            SampleSet[] outputs = Samples.Run(runner, inputs, terminal);
            for (int i = 0; i < outputs.Length; i++)
            {
                if (files[i] is { } file)
                    SampleFile.Write(file, outputs[i], isRaw);
            }
            bool printsValues = files.All(file => file is null);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, Document(runner, outputs, files, printsValues, isRaw));
            else if (printsValues)
                Print(terminal, outputs, isRaw);
            else
                PrintFiles(terminal, outputs, files);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static RunDocument Document(ModelRunner runner, SampleSet[] outputs, string?[] files, bool withValues, bool raw) => new(
        runner.Name, outputs[0].Count,
        [.. outputs.Select((set, i) => new RunOutput(set.Port.Name, set.Port.Tensor.Type.JsonName(), set.Port.SourceShape.ToArray(), files[i], withValues ? Rows(set, raw) : null))]);

    private static double?[][] Rows(SampleSet set, bool raw)
    {
        double[] numbers = new NumericArray(new Shape(set.Values.Length), raw ? set.Values : set.Reals()).ToDoubles();
        return [.. numbers.Select(v => double.IsFinite(v) ? v : (double?)null).Chunk(set.ElementsPerSample)];
    }

    private static void Print(Terminal terminal, SampleSet[] outputs, bool raw)
    {
        foreach (SampleSet set in outputs)
        {
            if (outputs.Length > 1)
                terminal.Output.WriteLine($"# {set.Port.Name}");
            terminal.Output.Write(Encoding.ASCII.GetString(SampleFile.Format(set, DataFormat.Csv, raw)));
        }
    }

    private static void PrintFiles(Terminal terminal, SampleSet[] outputs, string?[] files)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            if (files[i] is { } file)
                terminal.Output.WriteLine($"{outputs[i].Port.Name}: {outputs[i].Count} samples of {outputs[i].Port.SourceShape} in {file}");
        }
    }
}
