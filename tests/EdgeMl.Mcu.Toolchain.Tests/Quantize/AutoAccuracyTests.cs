using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

/// <summary>Automatic quantisation, chosen on training samples only, on the test samples of the shared models.</summary>
public class AutoAccuracyTests(ITestOutputHelper log)
{
    private static readonly string[] Names = ["digits_mlp", "digits_cnn", "har_cnn1d", "wand_digit_cnn1d"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Eight_bits_cost_at_most_one_test_sample_on_each_model_and_a_tenth_of_a_point_in_the_mean(bool withLabels)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (int Lost, double Points)[] losses = [.. Names.Select(name => Loss(name, 8, withLabels))];
        Assert.All(losses, loss => Assert.InRange(loss.Lost, -10, 1));
        Assert.InRange(losses.Average(loss => loss.Points), -5, 0.1);
    }

    [Fact]
    public void Four_bit_weights_stay_within_a_point_on_three_of_four_models()
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        (int Lost, double Points)[] losses = [.. Names.Select(name => Loss(name, 4, withLabels: false))];
        Assert.InRange(losses.Count(loss => loss.Points <= 1), 3, 4);
        Assert.All(losses, loss => Assert.InRange(loss.Points, -5, 3));
    }

    private (int Lost, double Points) Loss(string name, int bits, bool withLabels)
    {
        var model = new FloatModel(name);
        AutoQuantization auto = AutoQuantizer.Quantize(
            model.Graph, model.Training, withLabels ? model.TrainingLabels : null, new QuantizationOptions { WeightBits = bits },
            cancellation: TestContext.Current.CancellationToken);
        var executor = new FloatExecutor(model.Graph);
        var device = new DeviceRun(auto.Result.Graph);
        float[][] real = [.. model.Test.Select(sample => executor.Run(sample)[0])], rounded = [.. model.Test.Select(device.Run)];
        int lost = model.Correct(real) - model.Correct(rounded);
        int agree = real.Zip(rounded).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == Array.IndexOf(pair.Second, pair.Second.Max()));
        log.WriteLine($"{name}, {bits} bits: {model.Correct(rounded)} of {model.Labels.Length} right, {lost} lost, {agree} like the float model; "
            + $"held back: {auto.Quality.Agreement:P2}, {auto.Quality.SignalToNoiseDb:F1} dB; {auto.Options.Method}");
        return (lost, 100.0 * lost / model.Labels.Length);
    }
}
