using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Pruning;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml prune</c></summary>
internal static class PruneVerb
{
    private static readonly string[] Granularities = [.. Enum.GetNames<PruningGranularity>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] Methods = [.. Enum.GetNames<PruningMethod>().Select(name => name.ToLowerInvariant())];

    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A float model (.onnx), which stays one, an int8 model (.tflite, .onnx), which becomes a device model, or a device model (.emlm)." };
        var output = new Option<string>("--output", "-o") { Description = "The pruned model: .onnx for a float model, else .emlm.", HelpName = "FILE", Required = true };
        var sparsity = new Option<double>("--sparsity", "-s") { Description = "Part of the weights to remove, between 0 and 1.", Required = true };
        var device = new DeviceModelOptions();
        Option<string[]> calibration = SampleOptions.Calibration();
        var granularity = new Option<string>("--granularity") { Description = "What is removed as a whole: weights, or blocks of 3 outputs at one tap, which compiled code skips.", DefaultValueFactory = _ => Granularities[0] };
        granularity.AcceptOnlyFromAmong(Granularities);
        var method = new Option<string>("--method") { Description = "obs lets the remaining weights make up for those that go; magnitude removes the smallest weights of each layer.", DefaultValueFactory = _ => Methods[0] };
        method.AcceptOnlyFromAmong(Methods);
        Option<string?> near = NearOption.Create("the weights that remain");
        var command = new VerbCommand("prune", "Remove weights of a model without training, and let the others make up for them.",
            "edgeml prune digits.onnx -o sparse.onnx --sparsity 0.8 --calibration x_train.npy",
            "edgeml prune kws.tflite -o kws.emlm --sparsity 0.7 -c sounds.npy --granularity block",
            "edgeml prune kws.emlm -o sparse.emlm --sparsity 0.7 -c sounds.npy",
            "edgeml prune kws.emlm -o sparse.emlm --sparsity 0.3 -c sounds.npy --near kws.emlm")
        {
            model, output, sparsity, calibration, granularity, method, near,
        };
        device.AddEmitTo(command);
        command.SetAction(parse =>
        {
            var options = new PruningOptions
            {
                Sparsity = CheckedSparsity(parse.GetRequiredValue(sparsity)),
                Granularity = Enum.Parse<PruningGranularity>(parse.GetRequiredValue(granularity), ignoreCase: true),
                Method = Enum.Parse<PruningMethod>(parse.GetRequiredValue(method), ignoreCase: true),
            };
            string path = parse.GetRequiredValue(output);
            string source = parse.GetRequiredValue(model);
            if (Path.GetExtension(source).Equals(".emlm", StringComparison.OrdinalIgnoreCase))
                device.RequireNone(parse, source);
            BaseModel? original = NearOption.Open(parse.GetValue(near));
            var file = PrunableFile.Open(source, device.Emit(parse), original);
            if (!Path.GetExtension(path).Equals(file.OutputExtension, StringComparison.OrdinalIgnoreCase))
                throw new UsageException($"The pruned form of '{file.Name}' is a {file.OutputExtension} file, and '{path}' does not end so.", "A float model stays a float model (.onnx); an int8 model and a device model become a device model (.emlm).");
            SampleSet[] inputs = PortFiles.Read(calibration.Name, file.Inputs, parse.GetRequiredValue(calibration), raw: false);
            PrunedFile pruned = Prune(file, inputs, options, terminal);
            AtomicFile.WriteAllBytes(path, pruned.Content);
            NearDocument? distance = pruned.Report.Near is { } report ? NearDocument.Of(parse.GetValue(near)!, original!, pruned.Content, report) : null;
            Print(parse.GetValue(command.Json), terminal, PruningDocument.Of(file.Name, path, options, pruned.Report, pruned.Content.Length, distance));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static double CheckedSparsity(double sparsity) => sparsity is > 0 and < 1
        ? sparsity
        : throw new UsageException($"--sparsity is between 0 and 1, and not {sparsity}.", "0.8 removes 80 % of the weights.");

    private static PrunedFile Prune(PrunableFile file, SampleSet[] inputs, PruningOptions options, Terminal terminal)
    {
        using var progress = new ProgressLine(terminal, "Pruning", 100);
        return file.Prune(CalibrationSamples.ToGraphLayout(inputs), options, progress, terminal.Cancellation);
    }

    private static void Print(bool json, Terminal terminal, PruningDocument document)
    {
        if (json)
        {
            JsonOutput.Write(terminal.Output, document);
            return;
        }
        terminal.Draw(PruningTable.Create(document.Layers));
        terminal.Output.WriteLine(document.Summary());
        foreach (string line in document.Near?.Lines() ?? [])
            terminal.Output.WriteLine(line);
    }
}
