using System.CommandLine;
using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Toolchain.Data;
using EdgeMl.Mcu.Toolchain.Evaluate;

namespace EdgeMl.Mcu.Cli.Verbs;

/// <summary><c>edgeml verify</c></summary>
internal static class VerifyVerb
{
    /// <summary>The verb.</summary>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = SampleOptions.Model();
        Option<bool> noOptimize = SampleOptions.NoOptimize();
        Option<string[]> input = SampleOptions.Input();
        Option<bool> raw = SampleOptions.Raw();
        var expect = new Option<string[]>("--expect", "-e")
        {
            Description = "Expected outputs (.npy, .csv, .bin); repeatable, one for each output.",
            HelpName = "[NAME=]FILE",
            Required = true,
        };
        var atol = new Option<double?>("--atol") { Description = "Absolute tolerance of float models [default: 1e-5]", HelpName = "X" };
        var rtol = new Option<double?>("--rtol") { Description = "Relative tolerance of float models [default: 1e-4]", HelpName = "X" };
        var command = new VerbCommand("verify", "Check that a model gives the expected outputs: int8 models bit for bit, float models within a tolerance.",
            "edgeml verify kws.tflite --input in.bin --expect out.bin",
            "edgeml verify digits.onnx --input x_test.npy --expect logits.npy --atol 1e-6")
        {
            model, input, expect, raw, atol, rtol, noOptimize,
        };
        command.SetAction(parse =>
        {
            ModelRunner runner = ModelFile.Open(parse.GetRequiredValue(model), !parse.GetValue(noOptimize)).CreateRunner();
            Tolerance tolerance = runner.IsInteger
                ? Tolerance.Exact
                : new Tolerance(
                    Configuration.Number(terminal, parse.GetValue(atol), "atol", Tolerance.Default.Absolute),
                    Configuration.Number(terminal, parse.GetValue(rtol), "rtol", Tolerance.Default.Relative));
            if (!(tolerance.Absolute >= 0 && tolerance.Relative >= 0))
                throw new UsageException("A tolerance is a number of 0 or more.");
            SampleSet[] inputs = PortFiles.Read(input.Name, runner.Inputs, parse.GetRequiredValue(input), parse.GetValue(raw));
            SampleSet[] expected = PortFiles.Read(expect.Name, runner.Outputs, parse.GetRequiredValue(expect), parse.GetValue(raw));
            SampleSet[] actual = Samples.Run(runner, inputs, terminal);
            VerificationReport report = Verification.Compare(runner.Name, expected, actual, tolerance);
            if (parse.GetValue(command.Json))
                JsonOutput.Write(terminal.Output, report);
            else
                Print(terminal, report, runner.IsInteger, tolerance);
            return report.Ok ? ExitCodes.Ok : ExitCodes.Refused;
        });
        return command;
    }

    private static void Print(Terminal terminal, VerificationReport report, bool isInteger, Tolerance tolerance)
    {
        string rule = isInteger ? "bit for bit" : $"within {tolerance.Absolute:R} + {tolerance.Relative:R} * |expected|";
        string largest = report.MaxAbsDiff is { } difference ? $"{difference:G6}" : "not finite";
        if (report.Ok)
        {
            terminal.Output.WriteLine($"ok: {report.Model}, {report.Samples} samples equal {rule} (largest difference {largest})");
            return;
        }
        Mismatch first = report.First!;
        string output = first.Output is null ? "" : $" of '{first.Output}'";
        terminal.Output.WriteLine($"FAILED: {report.Model}, {report.Mismatches} values of {report.Samples} samples are not equal {rule} (largest difference {largest})");
        terminal.Output.WriteLine($"first: sample {first.Sample}, element {first.Index}{output}: expected {Value(first.Expected)}, got {Value(first.Actual)}");
    }

    private static string Value(double? value) => value is { } number ? $"{number:R}" : "a value that is not finite";
}
