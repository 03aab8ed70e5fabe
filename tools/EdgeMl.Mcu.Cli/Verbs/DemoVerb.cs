using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml demo</c></summary>
internal static class DemoVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Folder to leave the device models (.emlm) in.", HelpName = "DIR" };
        var command = new VerbCommand("demo", "The whole way with two small digit classifiers: import, quantise, run on the device runtime, and update a fleet of virtual devices.",
            "edgeml demo",
            "edgeml demo -o build")
        {
            output,
        };
        command.SetAction(async (parse, _) =>
        {
            int[] labels = DigitsModels.HeldOutLabels();
            var trials = new List<QuantizationTrial>();
            SampleSet? digits = null;
            using (var progress = new ProgressLine(terminal, "Quantising", DigitsModels.Names.Count))
            {
                foreach (string name in DigitsModels.Names)
                {
                    ModelFile model = DigitsModels.Model(name);
                    digits = DigitsModels.HeldOutSamples(model);
                    trials.Add(QuantizationTrial.Run(model, DigitsModels.TrainingSamples(model), digits, labels, terminal.Cancellation));
                    progress.Step();
                }
            }
            ModelFile device = ModelFile.Parse(trials[^1].DeviceFile, DigitsModels.Names[^1] + ".emlm");
            FleetDemoReport fleet = await FleetDemo.RunAsync(terminal, trials[^1].DeviceFile, DigitsModels.Pruned(device, terminal.Cancellation), step => terminal.Error.WriteLine(step));
            string[] files = parse.GetValue(output) is { } folder ? Write(trials, folder) : [];
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, DemoDocument.Of(trials, fleet));
            else
                DemoText.Print(terminal, trials, digits!.Reals(), labels, fleet, files);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string[] Write(List<QuantizationTrial> trials, string folder)
    {
        string[] files = [.. trials.Select(trial => Path.Combine(folder, trial.Model + ".emlm"))];
        for (int i = 0; i < files.Length; i++)
            AtomicFile.WriteAllBytes(files[i], trials[i].DeviceFile);
        return files;
    }
}
