namespace EdgeMl.Mcu.Cli.Tests;

public class HelpTests
{
    [Theory]
    [InlineData("convert", "--output", "edgeml convert kws.tflite -o kws.emlm")]
    [InlineData("quantize", "--calibration", "edgeml quantize digits.onnx -o digits.emlm --calibration x_train.npy")]
    [InlineData("prune", "--sparsity", "edgeml prune kws.tflite -o kws.emlm --sparsity 0.7 -c sounds.npy --granularity block")]
    [InlineData("sensitivity", "--data", "edgeml sensitivity kws.tflite --data sounds.npy --json")]
    [InlineData("compile", "--namespace", "edgeml compile pruned.emlm -o Pruned")]
    [InlineData("inspect", "--json", "edgeml inspect kws.emlm --json")]
    [InlineData("run", "[NAME=]FILE", "edgeml run digits.onnx --input x_test.npy --output scores.npy")]
    [InlineData("verify", "--rtol", "edgeml verify kws.tflite --input in.bin --expect out.bin")]
    [InlineData("eval", "<accuracy|auc|mse>", "edgeml eval digits.emlm --input x_test.npy --labels y_test.npy")]
    [InlineData("plan", "--list", "edgeml plan kws.tflite --board ESP32-S3")]
    [InlineData("sign", "--expires", "edgeml sign digits.emlm --key publisher.key --name digits --version 1.0.0 -o digits.manifest")]
    [InlineData("ports", "--json", "edgeml ports --json")]
    [InlineData("flash", "--clr", "edgeml flash --port /dev/ttyUSB0 --board ESP32 --app bin/Release --model digits.emlm")]
    [InlineData("monitor", "--port", "edgeml monitor --port /dev/ttyUSB0")]
    [InlineData("sim", "--power-cuts", "edgeml sim --count 100")]
    [InlineData("demo", "DIR", "edgeml demo -o build")]
    [InlineData("version", "--json", "edgeml version")]
    public void Every_verb_explains_its_options_and_gives_examples(string verb, string option, string example)
    {
        CommandLineRun run = CommandLineRun.Of(verb, "--help");
        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains(option, run.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Contains(example, run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 120));
    }

    [Fact]
    public void The_help_lists_the_verbs_in_the_order_of_the_work()
    {
        string help = CommandLineRun.Of("--help").Output;
        IEnumerable<string> verbs = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1)
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);

        Assert.Equal(
            [
                "convert",
                "quantize",
                "prune",
                "sensitivity",
                "compile",
                "inspect",
                "run",
                "verify",
                "eval",
                "plan",
                "ports",
                "flash",
                "device",
                "monitor",
                "bench",
                "keys",
                "sign",
                "relay",
                "devices",
                "ota",
                "sim",
                "demo",
                "version",
            ],
            verbs);
    }
}
