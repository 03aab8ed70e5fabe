using System.Text.Json;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Cli.Tests;

/// <summary>Decision trees from the command line, against scikit-learn's own predictions.</summary>
public sealed class TreeTests
{
    [Fact]
    public void A_converted_forest_predicts_what_scikit_learn_does()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        string forest = Path.Combine(folder.Path, "forest.emlm");
        JsonElement converted = Json("convert", Case("digits_forest.onnx"), "-o", forest, "--json");
        Assert.InRange(converted.GetProperty("fileBytes").GetInt32(), 1, 10_500);
        Assert.InRange(converted.GetProperty("arenaBytes").GetInt32(), 1, 112);
        foreach (string model in new[] { forest, Case("digits_forest.onnx") })
        {
            JsonElement verified = Json("verify", model, "--input", Case("x_test.npy"), "--expect", $"label={Case("sklearn_labels.npy")}", "--expect", $"probabilities={Case("sklearn_proba.npy")}", "--json");
            Assert.Equal(0, verified.GetProperty("mismatches").GetInt64());
            Assert.Equal(450, verified.GetProperty("samples").GetInt32());
        }
        JsonElement accuracy = Json("eval", forest, "--input", Case("x_test.npy"), "--labels", Case("y_test.npy"), "--json");
        Assert.Equal(424, accuracy.GetProperty("correct").GetInt32());
        JsonElement inspected = Json("inspect", forest, "--json");
        Assert.Equal(["label", "probabilities"], inspected.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.Equal("TreeEnsemble", inspected.GetProperty("layers")[0].GetProperty("operator").GetString());
    }

    [Fact]
    public void A_converted_regression_predicts_what_scikit_learn_does()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        string tree = Path.Combine(folder.Path, "tree.emlm");
        Json("convert", Case("digits_tree_regressor.onnx"), "-o", tree, "--json");
        JsonElement verified = Json("verify", tree, "--input", Case("x_test.npy"), "--expect", Case("sklearn_regression.npy"), "--json");
        Assert.Equal(0, verified.GetProperty("mismatches").GetInt64());
        JsonElement error = Json("eval", tree, "--input", Case("x_test.npy"), "--labels", Case("y_test.npy"), "--metric", "mse", "--json");
        Assert.Equal(4.2336903, error.GetProperty("meanSquaredError").GetDouble(), 1e-5);
    }

    [Fact]
    public void The_device_model_gives_the_bits_of_the_source_model()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        string forest = Path.Combine(folder.Path, "forest.emlm");
        Json("convert", Case("digits_forest.onnx"), "-o", forest, "--json");
        string[] files = [.. new[] { forest, Case("digits_forest.onnx") }.Select((model, i) =>
        {
            string scores = Path.Combine(folder.Path, $"scores{i}.bin");
            Json("run", model, "--input", Case("x_test.npy"), "--output", $"probabilities={scores}", "--json");
            return scores;
        })];
        Assert.Equal(File.ReadAllBytes(files[1]), File.ReadAllBytes(files[0]));
    }

    [Fact]
    public void Quantising_trees_is_refused_with_the_way_to_convert_them()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("quantize", Case("digits_forest.onnx"), "-o", Path.Combine(folder.Path, "forest.emlm"), "-c", Case("x_test.npy"));
        run.ShouldFail(ExitCodes.Failed, "quantize.not-a-float-model");
        Assert.Contains("edgeml convert", run.Error, StringComparison.Ordinal);
    }

    private static JsonElement Json(params string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(arguments);
        Assert.True(run.ExitCode == ExitCodes.Ok, run.Output + run.Error);
        return run.Json;
    }

    private static string Case(string file) => SharedData.File("float", "digits_forest", file);
}
