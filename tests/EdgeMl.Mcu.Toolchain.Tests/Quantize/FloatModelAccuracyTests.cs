using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Evaluate;
using EdgeMl.Mcu.Toolchain.Graph;
using EdgeMl.Mcu.Toolchain.Quantizing;

namespace EdgeMl.Mcu.Toolchain.Tests.Quantizing;

public class FloatModelAccuracyTests
{
    public static TheoryData<string, CalibrationMethod> Cases { get; } =
    [..
        from name in new[] { "digits_mlp", "digits_cnn", "har_cnn1d", "wand_digit_cnn1d" }
        from method in new[] { CalibrationMethod.MinMax, CalibrationMethod.Percentile }
        select (name, method),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Quantisation_costs_at_most_one_test_sample_on_the_device_runtime(string name, CalibrationMethod method)
    {
        Assert.SkipUnless(SharedData.IsAvailable, SharedData.Missing);
        var model = new FloatModel(name);
        ModelGraph quantized = GraphBuilder.Quantize(model.Graph, model.Training, new QuantizationOptions { Method = method }).Graph;
        var executor = new FloatExecutor(model.Graph);
        var device = new DeviceRun(quantized);
        int real = model.Correct(model.Test.Select(sample => executor.Run(sample)[0]));
        int rounded = model.Correct(model.Test.Select(device.Run));
        Assert.True(rounded >= real - 1, $"{rounded} of {model.Labels.Length} instead of {real}");
    }
}
