using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml quantize</c></summary>
internal static class QuantizeVerb
{
    private const string AutoMethod = "auto";

    private static readonly Dictionary<string, CalibrationMethod?> Methods = new()
    {
        [AutoMethod] = null,
        ["minmax"] = CalibrationMethod.MinMax,
        ["percentile"] = CalibrationMethod.Percentile,
        ["mse"] = CalibrationMethod.MeanSquaredError,
        ["entropy"] = CalibrationMethod.Entropy,
    };

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A float model: .onnx or .tflite." };
        var device = new DeviceModelOptions();
        Option<string[]> calibration = SampleOptions.Calibration();
        var method = new Option<string?>("--method")
        {
            Description = $"How ranges of activations are found. auto tries all, with equalisation, bias correction and data-aware rounding, and keeps what measures best on held-back samples. [default: {AutoMethod}]",
        };
        method.AcceptOnlyFromAmong([.. Methods.Keys]);
        var labels = new Option<string?>("--labels", "-l") { Description = "The class of each calibration sample (.npy, .csv): auto then looks at accuracy first.", HelpName = "FILE" };
        var bits = new Option<int?>("--weight-bits", "--weights") { Description = "Bits of the weights of convolutions and fully connected layers. [default: 8]", HelpName = "8|4" };
        var budget = new Option<long?>("--flash-budget") { Description = "Most bytes of the device model: as few layers as needed get 4-bit weights, those that it costs least.", HelpName = "BYTES" };
        Option<string?> near = NearOption.Create("scales and weights");
        var command = new VerbCommand("quantize", "Quantise a float model to int8 and write it as a device model (.emlm).",
            "edgeml quantize digits.onnx -o digits.emlm --calibration x_train.npy",
            "edgeml quantize digits.onnx -o digits.emlm -c x_train.npy --labels y_train.npy",
            "edgeml quantize digits.onnx -o digits.emlm -c x_train.npy --flash-budget 3000",
            "edgeml quantize retrained.onnx -o v2.emlm -c x_train.npy --near v1.emlm")
        {
            model, calibration, labels, method, bits, budget, near,
        };
        device.AddTo(command);
        command.SetAction(parse =>
        {
            string path = device.Path(parse);
            EmitOptions emit = device.Emit(parse);
            string methodName = Configuration.Word(terminal, parse.GetValue(method), "method", [.. Methods.Keys], AutoMethod);
            QuantizationJob job = Job(methodName, parse.GetValue(bits), parse.GetValue(budget), emit, NearOption.Open(parse.GetValue(near)));
            ModelFile source = ModelFile.Open(parse.GetRequiredValue(model), emit.Optimize);
            if (source.Graph is null)
                throw new ToolchainException(ErrorCodes.NotFloatModel, $"'{source.Name}' is a device model already.", "Quantise the float model that it came from.");
            if (source.IsConvertible && !source.IsQuantized)
                throw new ToolchainException(ErrorCodes.NotFloatModel, $"'{source.Name}' is made of decision trees, which need no quantisation.", "Convert it: edgeml convert MODEL -o OUT.emlm");
            SampleSet[] inputs = PortFiles.Read(calibration.Name, source.Graph.Inputs, parse.GetRequiredValue(calibration), raw: false);
            int[]? classes = parse.GetValue(labels) is { } labelPath ? LabelFile.ReadClasses(labelPath, Classes(source.Graph)) : null;
            QuantizedModel result = Quantize(job, source.Graph, inputs, classes, terminal);
            AtomicFile.WriteAllBytes(path, result.Compiled.Bytes);
            NearDocument? distance = result.Near is null ? null : NearDocument.Of(parse.GetValue(near)!, job.Near!, result.Compiled.Bytes, result.Near);
            DeviceModelSummary summary = DeviceModelSummary.Of(source, result.Result.Graph, result.Compiled, path);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, QuantizationDocument.Of(summary, methodName, inputs[0].Count, job.FlashBudget, result, distance));
            else
                Print(terminal, methodName, inputs[0].Count, job.FlashBudget, result, summary, distance);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static QuantizationJob Job(string method, int? bits, long? budget, EmitOptions emit, BaseModel? near)
    {
        if (bits is not (null or 4 or 8))
            throw new UsageException($"--weight-bits is 8 or 4, and not {bits}.");
        if (budget < 1)
            throw new UsageException($"--flash-budget is a number of bytes, 1 or more, and not {budget}.");
        if (bits is not null && budget is not null)
            throw new UsageException("--flash-budget chooses the bits of each layer, so --weight-bits has no place beside it.", "Give one of the two.");
        if (near is not null && (bits is 4 || budget is not null))
            throw new UsageException("--near keeps the weights of a model with 8 bits, so 4-bit weights have no place beside it.", "Leave out --weight-bits and --flash-budget.");
        return new QuantizationJob { Method = Methods[method], WeightBits = bits ?? 8, FlashBudget = budget, Near = near, Emit = emit };
    }

    private static int Classes(ModelGraph graph) => graph.Outputs[0].Tensor.Shape.ElementCount is > 1 and var classes
        ? classes
        : throw new ToolchainException(ErrorCodes.ShapeMismatch, $"The output '{graph.Outputs[0].Name}' has one value a sample, so labels say nothing about it.", "Leave out --labels.");

    private static QuantizedModel Quantize(QuantizationJob job, ModelGraph graph, SampleSet[] inputs, int[]? labels, Terminal terminal)
    {
        using var progress = new ProgressLine(terminal, "Quantising", 100);
        return job.Run(graph, CalibrationSamples.ToGraphLayout(inputs), labels, progress, terminal.Cancellation);
    }

    private static void Print(Terminal terminal, string method, int samples, long? budget, QuantizedModel model, DeviceModelSummary summary, NearDocument? near)
    {
        terminal.Draw(QuantizationTable.Create(model.Result.Layers));
        if (model.Auto is { } auto)
            terminal.Draw(QuantizationTable.Create(auto.Steps));
        terminal.Output.WriteLine(QuantizationText.Calibration(method, samples, model.Auto));
        terminal.Output.WriteLine(QuantizationText.Quality(model.Quality, model.Auto));
        summary.Print(terminal);
        if (budget is { } limit)
            terminal.Output.WriteLine($"flash budget: {summary.FileBytes:N0} of {limit:N0} bytes, {100.0 * summary.FileBytes / limit:F0} %; {QuantizationText.Bits(model.Result.Layers)}");
        foreach (string line in near?.Lines() ?? [])
            terminal.Output.WriteLine(line);
    }
}
