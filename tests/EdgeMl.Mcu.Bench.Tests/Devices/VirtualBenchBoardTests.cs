using System.Net;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Bench.Devices;
using EdgeMl.Mcu.Bench.Devices.Boards;
using EdgeMl.Mcu.Bench.Flashing;
using EdgeMl.Mcu.Bench.Link;
using EdgeMl.Mcu.Bench.Tests.WireProtocol;
using EdgeMl.Mcu.Bench.WireProtocol;
using EdgeMl.Mcu.Metering;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Client;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Bench.Tests.Devices;

/// <summary>Boards without hardware, used by two real serial ports as real ones are.</summary>
public class VirtualBenchBoardTests
{
    private static readonly NanoAssemblyFile[] Application = [TestAssembly.File("EdgeMl.Mcu.Device", 4000, main: true)];
    private static readonly VirtualBenchBoardOptions Running = new() { HasApplication = true };
    private static readonly byte[] Dense = DenseModels.Compile(8_192, seed: 3).Bytes;
    private static readonly LinkOptions Hasty = new() { Patience = TimeSpan.FromMilliseconds(300), FirstWait = TimeSpan.FromMilliseconds(50) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_link_answers_after_the_application_was_deployed_and_not_before()
    {
        using var board = new VirtualBenchBoard();
        using (LinkClient early = LinkClient.Open(board.LinkPort, Hasty))
            Assert.Equal(LinkErrorCodes.NoAnswer, Assert.Throws<LinkException>(() => early.Identify(Token)).Code);

        Flash(board, Application);

        using LinkClient client = LinkClient.Open(board.LinkPort);
        LinkIdentity identity = client.Identify(Token);
        Assert.Equal(("ESP32", ""), (identity.Board, identity.Device));
        Assert.Equal([new BoardAssembly("EdgeMl.Mcu.Device", new Version(1, 2, 3, 4))], identity.Assemblies);
        Assert.Equal(1, board.Starts);
    }

    [Fact]
    public void Another_program_does_not_answer_on_the_link()
    {
        using var board = new VirtualBenchBoard();
        Flash(board, [TestAssembly.File("Blinky", 400, main: true)]);
        using LinkClient client = LinkClient.Open(board.LinkPort, Hasty);

        Assert.Equal(LinkErrorCodes.NoAnswer, Assert.Throws<LinkException>(() => client.Identify(Token)).Code);
    }

    [Fact]
    public void Deployment_and_files_survive_the_loss_of_power_and_what_is_in_memory_does_not()
    {
        using var board = new VirtualBenchBoard();
        Flash(board, Application);
        using LinkClient client = LinkClient.Open(board.LinkPort);
        int start = client.Identify(Token).StartId;
        client.PutModel(Dense, cancellationToken: Token);
        client.PutFile("notes", [1, 2, 3], cancellationToken: Token);

        board.SwitchOff();
        using (LinkClient dark = LinkClient.Open(board.WirePort, Hasty))
            Assert.Equal(LinkErrorCodes.NoAnswer, Assert.Throws<LinkException>(() => dark.Identify(Token)).Code);
        board.SwitchOn();

        Assert.NotEqual(start, client.Identify(Token).StartId);
        Assert.Equal(LinkErrorCodes.NoModel, Assert.Throws<LinkException>(() => client.Select(LinkModelSource.Link, Token)).Code);
        Assert.Equal([1, 2, 3], board.Wire.FileAt(@"I:\notes")!);
        Assert.Equal(2, board.Starts);
    }

    [Fact]
    public void A_restart_over_the_link_starts_the_application_anew()
    {
        using var board = new VirtualBenchBoard(Running);
        using LinkClient client = LinkClient.Open(board.LinkPort);
        int start = client.Identify(Token).StartId;

        Assert.NotEqual(start, client.Reboot(Token).StartId);
        Assert.Equal(2, board.Starts);
    }

    [Fact]
    public void Latency_is_what_was_counted_and_the_same_each_time()
    {
        VirtualBenchBoardOptions options = Running with { RuntimeImages = SubsetBuilds.RuntimeImages(), NanosecondsPerIl = 1000 };
        byte[] input = new byte[64];
        new Random(4).NextBytes(input);
        using MeteredProgram program = MeteredProgram.Load(SubsetBuilds.RuntimeImages());
        ModelMeter meter = ModelMeter.Open(program, Dense);
        meter.SetInput(0, input);
        InferenceCount expected = meter.Measure();
        using var board = new VirtualBenchBoard(options);
        using LinkClient client = LinkClient.Open(board.LinkPort);
        int? before = client.Counters(cancellationToken: Token).FreeMemoryBytes;
        client.PutModel(Dense, cancellationToken: Token);

        LinkTiming timing = client.RunTimed(input, 5, cancellationToken: Token);

        Assert.All(timing.Totals, total => Assert.Equal((long)expected.Total.Weighted, total));
        for (int layer = 0; layer < timing.Layers.Count; layer++)
            Assert.All(timing.Layers[layer], time => Assert.InRange(time, expected.Layers[layer].Weighted - 1, expected.Layers[layer].Weighted + 1));
        Assert.InRange(before!.Value - client.Counters(cancellationToken: Token).FreeMemoryBytes!.Value, Dense.Length, 4 * Dense.Length);
    }

    [Fact]
    public async Task A_configuration_and_a_factory_model_make_it_a_member_of_a_fleet_that_looks_at_samples()
    {
        await using var broker = new MqttBroker(new BrokerOptions { Listeners = [new BrokerListener(new IPEndPoint(IPAddress.Loopback, 0))], Access = new Everybody() });
        await broker.StartAsync(Token);
        var hellos = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using IAsyncDisposable subscription = await broker.SubscribeAsync(["edgeml/fleet/up/+/hello"], (message, _) => { hellos.Enqueue(message.Topic); return ValueTask.CompletedTask; }, Token);
        var settings = new AgentSettings { Fleet = "fleet", Device = "virtual-1", DeviceKey = new byte[32], Board = "ESP32", Firmware = "1" };
        MqttClientOptions address = MqttClientOptions.From(new Uri($"mqtt://127.0.0.1:{broker.EndPoints[0].Port}"));
        using var board = new VirtualBenchBoard(Running with { Configure = file => file is [7] ? new VirtualMembership(settings, MqttDeviceLink.LoginOf(settings, address)) : null });
        using LinkClient client = LinkClient.Open(board.LinkPort);
        Assert.Null(client.Counters(cancellationToken: Token).Agent);

        client.PutFile("edgeml.cfg", [7], cancellationToken: Token);
        client.PutFile("model.emlm", Dense, cancellationToken: Token);
        LinkIdentity identity = client.Reboot(Token);

        Assert.Equal(("virtual-1", true, true), (identity.Device, identity.HasAgent, identity.HasFeed));
        await Patience.UntilAsync(() => hellos.Contains("edgeml/fleet/up/virtual-1/hello"), "the board says hello");
        client.Feed(new byte[64], Token);
        await Patience.UntilAsync(() => client.Counters(cancellationToken: Token).Agent!.Inferences == 1, "the agent looks at the sample");
        LinkModel model = client.Select(LinkModelSource.Agent, Token);
        Assert.Equal(64, model.InputBytes);
        var interpreter = new Interpreter(Model.Load(Dense));
        byte[] expected = new byte[10];
        interpreter.SetInput(0, new byte[64]);
        interpreter.Invoke();
        interpreter.GetOutput(0, expected);
        Assert.Equal(expected, client.Run(new byte[64], cancellationToken: Token).Outputs);
        Assert.Equal(Error.None, client.SelfTest(Token));
    }

    [Fact]
    public void Power_may_go_at_any_moment()
    {
        using var board = new VirtualBenchBoard(Running);
        for (int i = 0; i < 20; i++)
        {
            using (LinkClient client = LinkClient.Open(board.LinkPort))
                Assert.Equal([(byte)i], client.Echo([(byte)i], Token));
            using (LinkClient writer = LinkClient.Open(board.LinkPort, Hasty))
                Assert.ThrowsAny<BenchException>(() => writer.PutFile("big", new byte[500_000], progress => SwitchOffAfter(board, progress), Token));
            board.SwitchOn();
        }
        Assert.Equal(21, board.Starts);
        Assert.Null(board.Wire.FileAt(@"I:\big"));
    }

    private static void SwitchOffAfter(VirtualBenchBoard board, double progress)
    {
        if (progress > 0.1)
            board.SwitchOff();
    }

    private static void Flash(VirtualBenchBoard board, NanoAssemblyFile[] application) =>
        new BoardFlasher(board.WirePort, "ESP32_REV3").Run(application, null, null, Token);

    private sealed class Everybody : IBrokerAccess
    {
        public ValueTask<ConnectReturnCode> AuthenticateAsync(ConnectRequest request, CancellationToken cancellationToken) => new(ConnectReturnCode.Accepted);

        public bool MayPublish(BrokerClient client, ReadOnlySpan<char> topic) => true;

        public bool MaySubscribe(BrokerClient client, string filter) => true;
    }
}
