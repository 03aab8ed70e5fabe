using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Broker;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Support;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Broker;

/// <summary>A whole fleet at once, within the default limits. Runs alone: it measures the memory of the whole process.</summary>
[Collection(nameof(AllocationTests))]
public class FleetTests
{
    private const int Devices = 2_000, Window = 4, ChunkBytes = 1_024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_thousand_devices_ask_at_once_and_get_a_window_of_chunks_each()
    {
        const int rounds = 3;
        byte[] chunk = new byte[ChunkBytes];
        new Random(1).NextBytes(chunk);
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        await using IAsyncDisposable relay = await broker.SubscribeAsync(["fleet/up/+/request"], async (request, cancellation) =>
        {
            string device = request.Topic.Split('/')[2];
            for (int i = 0; i < Window; i++)
                await broker.PublishAsync(new MqttMessage($"fleet/chunk/{device}", chunk), cancellation);
        }, Cancellation);
        Socket[] devices = await ConnectAsync(broker.EndPoints[0], device => $"fleet/chunk/{device}");
        int answerBytes = Window * Codec.Bytes(new OutgoingPublish(new MqttMessage(Topic("chunk", 0), chunk), 0, Duplicate: false)).Length;
        for (int round = 0; round < rounds; round++)
        {
            foreach ((int device, Socket socket) in devices.Index())
                await socket.SendAsync(Codec.Bytes(new OutgoingPublish(new MqttMessage(Topic("up", device) + "/request", default), 0, Duplicate: false)), Cancellation);
            byte[] answer = new byte[answerBytes];
            foreach (Socket socket in devices)
            {
                await ReadAsync(socket, answer);
                Assert.True(answer.AsSpan(answerBytes - ChunkBytes).SequenceEqual(chunk));
            }
        }
        Assert.Equal((0, rounds * Devices * Window), (broker.Statistics.MessagesDropped, broker.Statistics.MessagesSent));
        Array.ForEach(devices, socket => socket.Dispose());
    }

    [Fact]
    public async Task A_message_for_two_thousand_devices_exists_once()
    {
        const int messages = 100;
        byte[] chunk = new byte[ChunkBytes];
        await using IMqttBroker broker = await Implementation.StartBrokerAsync();
        Socket[] devices = await ConnectAsync(broker.EndPoints[0], _ => "fleet/chunk/shared");
        byte[] packet = new byte[Codec.Bytes(new OutgoingPublish(new MqttMessage("fleet/chunk/shared", chunk), 0, Duplicate: false)).Length];
        await PublishAsync(count: 1);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await PublishAsync(messages);
        double perDelivery = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / (messages * Devices);

        Assert.Equal((0, (messages + 1) * Devices), (broker.Statistics.MessagesDropped, broker.Statistics.MessagesSent));
        // A copy for each device would be more than a chunk.
        Assert.InRange(perDelivery, 0, ChunkBytes / 4);
        Array.ForEach(devices, socket => socket.Dispose());

        async Task PublishAsync(int count)
        {
            for (int i = 0; i < count; i++)
                await broker.PublishAsync(new MqttMessage("fleet/chunk/shared", chunk), Cancellation);
            foreach (Socket socket in devices)
            {
                for (int i = 0; i < count; i++)
                    await ReadAsync(socket, packet);
            }
        }
    }

    private static async Task<Socket[]> ConnectAsync(IPEndPoint broker, Func<string, string> filterOf)
    {
        int handles = OpenFilesMax();
        Assert.SkipWhen(handles < Devices * 2 + 500, $"{Devices:N0} devices and their broker in one process need more than {handles:N0} open files (ulimit -Hn)");
        var devices = new Socket[Devices];
        for (int i = 0; i < Devices; i++)
        {
            devices[i] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await devices[i].ConnectAsync(broker, Cancellation);
            byte[] connect = Codec.Bytes(new ConnectPacket { ClientId = Name(i), CleanSession = true, KeepAlive = 60 });
            byte[] subscribe = Codec.Bytes(new SubscribePacket(1, [new SubscribeRequest(filterOf(Name(i)), QualityOfService.AtMostOnce)]));
            await devices[i].SendAsync((byte[])[.. connect, .. subscribe], Cancellation);
        }
        // CONNACK and SUBACK.
        byte[] answers = new byte[4 + 5];
        foreach (Socket device in devices)
            await ReadAsync(device, answers);
        return devices;
    }

    private static async Task ReadAsync(Socket socket, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read = await socket.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(Patience.Limit, Cancellation);
            buffer = read > 0 ? buffer[read..] : throw new IOException("The broker closed the connection.");
        }
    }

    private static int OpenFilesMax()
    {
        const string limits = "/proc/self/limits", name = "Max open files";
        string? line = File.Exists(limits) ? File.ReadLines(limits).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return int.TryParse(line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out int soft) ? soft : int.MaxValue;
    }

    private static string Name(int device) => device.ToString("D4", CultureInfo.InvariantCulture);

    private static string Topic(string direction, int device) => $"fleet/{direction}/{Name(device)}";
}
