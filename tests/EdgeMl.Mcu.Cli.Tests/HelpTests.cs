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
    public void The_help_lists_the_verbs_in_the_order_of_the_work() => Assert.Equal(
        """
        Description:
          Machine learning for .NET nanoFramework microcontrollers: from a trained model to int8 on the device.

        Usage:
          edgeml [command] [options]

        Options:
          -?, -h, --help  Show help and usage information

        Commands:
          convert <MODEL>      Convert an int8 model, or decision trees, to a device model (.emlm).
          quantize <MODEL>     Quantise a float model to int8 and write it as a device model (.emlm).
          prune <MODEL>        Remove weights of a model without training, and let the others make up for them.
          sensitivity <MODEL>  Show how a model does when one of its layers loses weights, or has fewer bits for them.
          compile <MODEL>      Write an int8 model, or decision trees, as C# with the weights as constants.
          inspect <MODEL>      Show what a model is made of: inputs, outputs, layers, multiplications, weights and arena.
          run <MODEL>          Run a model on samples: int8 models on the device runtime, float models on the float executor.
          verify <MODEL>       Check that a model gives the expected outputs: int8 models bit for bit, float models within a
                               tolerance.
          eval <MODEL>         Measure how good a model is on labelled samples.
          plan <MODEL>         Check that a model fits a board, and predict how long an inference takes.
          demo                 The whole way with two small digit classifiers: import, quantise, plan, run on the device
                               runtime, compare.
          version              Print the version of the tool.
        """.ReplaceLineEndings("\n"),
        string.Join('\n', CommandLineRun.Of("--help").Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())));
}
