using EdgeMl.Mcu.Runtime.Host;
using EdgeMl.Mcu.Runtime.Kernels;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Runtime.Tests.Host;

/// <summary>The host's vector kernels against the device's scalar ones, bit for bit, the whole arena.</summary>
public class HostKernelTests
{
    private const int Layers = 3000;

    private const string NoVectors = "This machine has no vector instructions that .NET uses.";

    [Fact]
    public void Fully_connected_layers_give_the_scalar_bits() => Compare(new FullyConnected(), RandomLayer.FullyConnected, VectorFullyConnected.TryRun);

    [Fact]
    public void Convolutions_give_the_scalar_bits() => Compare(new Conv2D(), RandomLayer.Conv2D, VectorConv2D.TryRun);

    [Fact]
    public void Depthwise_convolutions_give_the_scalar_bits() => Compare(new DepthwiseConv2D(), RandomLayer.DepthwiseConv2D, VectorDepthwiseConv2D.TryRun);

    public static TheoryData<string> Models() => [.. CompiledModels.Digits, .. CompiledModels.Golden];

    [Theory]
    [MemberData(nameof(Models))]
    public void Whole_models_give_the_scalar_bits(string name)
    {
        Assert.SkipUnless(HostAcceleration.Enabled, NoVectors);
        Model model = Model.Load(CompiledModels.Get(name).Bytes);
        var random = new Random(5);
        var input = new sbyte[model.Input(0).Count];
        for (int sample = 0; sample < 3; sample++)
        {
            random.NextBytes((byte[])(object)input);
            var scalar = new Interpreter(model);
            var vector = new Interpreter(model);
            scalar.SetInput(0, input);
            vector.SetInput(0, input);
            for (int layer = 0; layer < model.LayerCount; layer++)
            {
                HostAcceleration.Enabled = false;
                scalar.Step();
                HostAcceleration.Enabled = true;
                vector.Step();
                Assert.True(scalar.Arena.AsSpan(0, model.ArenaBytes).SequenceEqual(vector.Arena.AsSpan(0, model.ArenaBytes)), $"Layer {layer} '{model.LayerName(layer)}' differs.");
            }
        }
    }

    [Fact]
    public void A_thread_without_acceleration_runs_the_scalar_kernels()
    {
        Assert.SkipUnless(HostAcceleration.Enabled, NoVectors);
        HostAcceleration.Enabled = false;
        Assert.False(HostAcceleration.Enabled);
        bool other = false;
        var thread = new Thread(() => other = HostAcceleration.Enabled);
        thread.Start();
        thread.Join();
        Assert.True(other);
        HostAcceleration.Enabled = true;
        Assert.True(HostAcceleration.Enabled);
    }

    private static void Compare(Kernel kernel, Func<Random, RandomLayer> create, Func<Frame, bool> runVector)
    {
        Assert.SkipUnless(HostAcceleration.Enabled, NoVectors);
        for (int seed = 0; seed < Layers; seed++)
        {
            RandomLayer item = create(new Random(seed));
            Assert.True(item.Layer.IsValid(kernel, item.Arena.Length), $"Layer {seed} is not valid.");
            Frame scalar = item.Layer.Frame(item.Arena);
            Frame vector = item.Layer.Frame(item.Arena);
            HostAcceleration.Enabled = false;
            kernel.Run(scalar);
            HostAcceleration.Enabled = true;
            Assert.True(runVector(vector), $"Layer {seed} has no vector path.");
            Assert.True(scalar.Arena.AsSpan().SequenceEqual(vector.Arena), $"Layer {seed} differs.");
        }
    }
}
