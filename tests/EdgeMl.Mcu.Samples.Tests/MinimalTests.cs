using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Samples.Tests;

public sealed class MinimalTests
{
    private const int Window = 32;

    [Fact]
    public void The_int8_model_tells_waves_from_everything_else()
    {
        var interpreter = new Interpreter(SampleModel.LightWave.Load());
        float[][] windows = SampleModel.LightWave.ReadRows<float>("x_test.npy", Window);
        int[] labels = SampleModel.LightWave.Read<int>("y_test.npy");
        var scores = new sbyte[2];

        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            interpreter.SetInput(0, windows[i]);
            interpreter.Invoke();
            interpreter.GetOutput(0, scores);
            right += (scores[1] > scores[0] ? 1 : 0) == labels[i] ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage("light_wave int8: {0} of {1}", right, labels.Length);
        Assert.InRange(right, 0.99 * labels.Length, labels.Length);
    }

    [Fact]
    public void An_inference_stays_within_what_the_card_says()
    {
        using MeteredProgram program = MeteredProgram.Load(File.ReadAllBytes(SubsetBuilds.Runtime), File.ReadAllBytes(SubsetBuilds.PathOf("EdgeMl.Mcu.Runtime.Packed", "EdgeMl.Mcu.Runtime.Packed")));

        Counters total = ModelMeter.Open(program, SampleModel.LightWave.File).Measure().Total;

        TestContext.Current.SendDiagnosticMessage("light_wave: {0} instructions, {1} bytes of model, {2} of arena", total.Instructions, SampleModel.LightWave.File.Length, SampleModel.LightWave.Load().ArenaBytes);
        Assert.Equal(0, total.AllocatedBytes);
        Assert.InRange(total.Instructions, 1, 16_000);
    }
}
