using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Inspect;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml inspect</c></summary>
internal static class InspectVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = SampleOptions.Model();
        Option<bool> noOptimize = SampleOptions.NoOptimize();
        var il = new Option<bool>("--il") { Description = "Run the model on the device's own code and count the IL instructions of every layer." };
        var command = new VerbCommand("inspect", "Show what a model is made of: inputs, outputs, layers, multiplications, weights and arena.",
            "edgeml inspect kws.tflite",
            "edgeml inspect kws.emlm --json",
            "edgeml inspect kws.emlm --il")
        {
            model, noOptimize, il,
        };
        command.SetAction(parse =>
        {
            ModelFile file = ModelFile.Open(parse.GetRequiredValue(model), !parse.GetValue(noOptimize));
            InspectionReport report = ModelInspector.Inspect(file);
            if (parse.GetValue(il))
                report = report with { Execution = DeviceMeasurement.Of(file.ToDeviceFile(), file.Name).Execution };
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, report);
            else
                InspectionText.Print(terminal, report);
            return ExitCodes.Ok;
        });
        return command;
    }
}
