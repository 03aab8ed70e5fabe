using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Link;
using EdgeMl.Mcu.Link.Server;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Link;

public class LinkModelTests
{
    private static readonly byte[] Model64K = DenseModels.Compile(65_536, seed: 5).Bytes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_model_that_was_put_gives_the_outputs_of_the_same_runtime_here()
    {
        using var line = new ServedLine(new TestBoard());
        var progress = new List<double>();

        LinkModel model = line.Client.PutModel(Model64K, progress.Add, Token);

        Assert.Equal((3, 1, 1, 64, 10), (model.Layers, model.Inputs, model.Outputs, model.InputBytes, model.OutputBytes));
        Assert.Equal(1, progress[^1]);
        Assert.Equal(progress.Order(), progress);
        var interpreter = new Interpreter(Model.Load(Model64K));
        for (int sample = 0; sample < 5; sample++)
        {
            byte[] input = Noise(sample, 64);
            Assert.Equal(Expected(interpreter, input), line.Client.Run(input, cancellationToken: Token).Outputs);
        }
    }

    [Fact]
    public void Inputs_and_outputs_longer_than_a_frame_arrive_whole()
    {
        using var line = new ServedLine(new TestBoard(), new LinkLimits { FrameBytes = 160 });
        byte[] model = WideModel.Bytes;
        line.Client.PutModel(model, cancellationToken: Token);
        byte[] input = Noise(3, WideModel.Width);

        Assert.Equal(Expected(new Interpreter(Model.Load(model)), input), line.Client.Run(input, cancellationToken: Token).Outputs);
    }

    [Fact]
    public void Each_inference_and_each_layer_is_timed()
    {
        using var line = new ServedLine(new TestBoard());
        line.Client.PutModel(Model64K, cancellationToken: Token);

        LinkTiming timing = line.Client.RunTimed(Noise(1, 64), 7, cancellationToken: Token);

        Assert.Equal(7, timing.Totals.Count);
        Assert.Equal(3, timing.Layers.Count);
        Assert.All(timing.Layers, layer => Assert.Equal(7, layer.Count));
        Assert.Equal(timing.Totals.Min(), timing.Total.Minimum);
        Assert.Equal(TimeSpan.FromMicroseconds(1), timing.TimerStep);
    }

    [Fact]
    public void The_self_test_of_a_model_runs_on_the_device()
    {
        using var line = new ServedLine(new TestBoard());
        line.Client.PutModel(Model64K, cancellationToken: Token);

        Assert.Equal(Error.None, line.Client.SelfTest(Token));
    }

    [Theory]
    [InlineData(100, Error.Truncated)]
    [InlineData(-1, Error.NotAModel)]
    public void A_model_that_the_runtime_refuses_is_refused_with_its_number(int length, Error expected)
    {
        using var line = new ServedLine(new TestBoard());
        byte[] model = length > 0 ? Model64K[..length] : [0xFF, .. Model64K.Skip(1)];

        LinkException error = Assert.Throws<LinkException>(() => line.Client.PutModel(model, cancellationToken: Token));

        Assert.Equal((LinkErrorCodes.ModelRefused, (int)expected), (error.Code, error.Status));
        Assert.Equal(LinkErrorCodes.NoModel, Assert.Throws<LinkException>(() => line.Client.Select(LinkModelSource.Link, Token)).Code);
    }

    // Two models of one length: the file's own checksum at its end makes the CRC-32 of both the same.
    [Fact]
    public void A_model_takes_the_place_of_another_one_of_the_same_length()
    {
        using var line = new ServedLine(new TestBoard());
        byte[] other = DenseModels.Compile(65_536, seed: 6).Bytes;
        Assert.Equal(Model64K.Length, other.Length);
        line.Client.PutModel(Model64K, cancellationToken: Token);
        line.Client.PutModel(other, cancellationToken: Token);
        byte[] input = Noise(2, 64);

        Assert.Equal(Expected(new Interpreter(Model.Load(other)), input), line.Client.Run(input, cancellationToken: Token).Outputs);
    }

    [Fact]
    public void A_model_that_is_longer_than_the_device_takes_is_refused_before_it_is_sent()
    {
        using var line = new ServedLine(new TestBoard(), new LinkLimits { ModelBytesMax = 10_000 });

        LinkException error = Assert.Throws<LinkException>(() => line.Client.PutModel(Model64K, cancellationToken: Token));

        Assert.Equal(LinkErrorCodes.TooLarge, error.Code);
        Assert.Contains("10,000", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void The_agent_s_model_is_not_there_without_an_agent()
    {
        using var line = new ServedLine(new TestBoard());

        Assert.Equal(LinkErrorCodes.NoModel, Assert.Throws<LinkException>(() => line.Client.Select(LinkModelSource.Agent, Token)).Code);
    }

    [Fact]
    public void A_sample_that_was_fed_is_what_the_sensor_sets()
    {
        var feed = new FeedSensor(4096, 10);
        using var line = new ServedLine(new TestBoard(), new LinkLimits { FrameBytes = 160 }, feed);
        var interpreter = new Interpreter(Model.Load(WideModel.Bytes));
        byte[] sample = Noise(9, WideModel.Width);

        line.Client.Feed(sample, Token);

        Assert.True(feed.Read(interpreter));
        Assert.False(feed.Read(interpreter));
        Assert.Equal(sample, interpreter.Arena.Skip(interpreter.Model.Input(0).ArenaOffset).Take(sample.Length).Select(value => (byte)value));
    }

    private static byte[] Noise(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Expected(Interpreter interpreter, byte[] input)
    {
        byte[] output = new byte[interpreter.Model.Output(0).ByteCount];
        interpreter.SetInput(0, input);
        interpreter.Invoke();
        interpreter.GetOutput(0, output);
        return output;
    }
}
