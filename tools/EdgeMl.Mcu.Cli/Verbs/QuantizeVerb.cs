using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml quantize</c></summary>
internal static class QuantizeVerb
{
    private const string MinMaxMethod = "minmax";
    private const string PercentileMethod = "percentile";
    private static readonly string[] Methods = [MinMaxMethod, PercentileMethod];

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A float model: .onnx or .tflite." };
        var device = new DeviceModelOptions();
        Option<string[]> calibration = SampleOptions.Calibration();
        var method = new Option<string?>("--method") { Description = $"How calibration finds the range of an activation [default: {MinMaxMethod}]" };
        method.AcceptOnlyFromAmong(Methods);
        var command = new VerbCommand("quantize", "Quantise a float model to int8 and write it as a device model (.emlm).",
            "edgeml quantize digits.onnx -o digits.emlm --calibration x_train.npy",
            "edgeml quantize digits.onnx -o digits.emlm -c x_train.npy --method percentile")
        {
            model, calibration, method,
        };
        device.AddTo(command);
        command.SetAction(parse =>
        {
            string path = device.Path(parse);
            EmitOptions emit = device.Emit(parse);
            string methodName = Configuration.Word(terminal, parse.GetValue(method), "method", Methods, MinMaxMethod);
            ModelFile source = ModelFile.Open(parse.GetRequiredValue(model), emit.Optimize);
            if (source.Graph is null)
                throw new ToolchainException(ErrorCodes.NotFloatModel, $"'{source.Name}' is a device model already.", "Quantise the float model that it came from.");
            if (source.IsConvertible && !source.IsQuantized)
                throw new ToolchainException(ErrorCodes.NotFloatModel, $"'{source.Name}' is made of decision trees, which need no quantisation.", "Convert it: edgeml convert MODEL -o OUT.emlm");
            SampleSet[] inputs = PortFiles.Read(calibration.Name, source.Graph.Inputs, parse.GetRequiredValue(calibration), raw: false);
            var options = new QuantizationOptions { Method = methodName == PercentileMethod ? CalibrationMethod.Percentile : CalibrationMethod.MinMax };
            QuantizationResult result = Quantize(source, inputs, options, terminal);
            CompiledModel compiled = EmlmCompiler.Compile(result.Graph, emit);
            AtomicFile.WriteAllBytes(path, compiled.Bytes);
            DeviceModelSummary summary = DeviceModelSummary.Of(source, result.Graph, compiled, path);
            if (parse.GetValue(command.Json))
            {
                JsonOutput.Write(terminal.Output, new QuantizationDocument(
                    summary.Model, summary.Output, methodName, inputs[0].Count, summary.SourceBytes, summary.FileBytes, summary.ArenaBytes,
                    summary.ArenaLowerBoundBytes, summary.ScratchBytes, summary.ResidentBytes, summary.PageBytes, summary.Macs, summary.MacsLive, summary.Weights, summary.WeightsLive, result.Layers));
            }
            else
            {
                terminal.Draw(QuantizationTable.Create(result.Layers));
                terminal.Output.WriteLine($"calibrated on {inputs[0].Count} samples ({methodName})");
                summary.Print(terminal);
            }
            return ExitCodes.Ok;
        });
        return command;
    }

    private static QuantizationResult Quantize(ModelFile source, SampleSet[] inputs, QuantizationOptions options, Terminal terminal)
    {
        using var progress = new ProgressLine(terminal, "Calibrating", 100);
        return PostTrainingQuantizer.Quantize(source.Graph!, CalibrationSamples.ToGraphLayout(inputs), options, progress, terminal.Cancellation);
    }
}
