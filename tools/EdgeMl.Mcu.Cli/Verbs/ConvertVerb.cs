using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Emit;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml convert</c></summary>
internal static class ConvertVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An int8 model or decision trees: .tflite or .onnx." };
        var options = new DeviceModelOptions();
        var command = new VerbCommand("convert", "Convert an int8 model, or decision trees, to a device model (.emlm).",
            "edgeml convert kws.tflite -o kws.emlm",
            "edgeml convert forest.onnx -o forest.emlm",
            "edgeml convert ad.tflite -o ad.emlm --page 8192 --scratch 4096") { model };
        options.AddTo(command);
        command.SetAction(parse =>
        {
            string path = options.Path(parse);
            EmitOptions emit = options.Emit(parse);
            ModelFile source = ModelFile.Open(parse.GetRequiredValue(model), emit.Optimize);
            if (source.Graph is null)
                throw new ToolchainException(ErrorCodes.UnknownFormat, $"'{source.Name}' is a device model already.", "Copy the file, or convert the model that it came from.");
            source.RequireQuantized();
            CompiledModel compiled = EmlmCompiler.Compile(source.Graph, emit);
            AtomicFile.WriteAllBytes(path, compiled.Bytes);
            DeviceModelSummary summary = DeviceModelSummary.Of(source, source.Graph, compiled, path);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, summary);
            else
                summary.Print(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }
}
