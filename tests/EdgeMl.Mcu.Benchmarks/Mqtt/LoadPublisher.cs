using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>Sends messages in batches, as fast as acknowledgements and subscribers allow.</summary>
internal sealed class LoadPublisher(Socket socket, MqttScenario scenario, Progress delivered)
{
    /// <summary>Messages on their way to a subscriber: fewer than any broker's queue takes.</summary>
    private const int QueuedMax = 512;

    /// <summary>QoS 1 messages of a publisher without acknowledgement.</summary>
    private const int InflightMax = 64;

    private const int AcknowledgementBytes = 4;

    private readonly Progress _acknowledged = new(1);

    public static async Task<LoadPublisher> OpenAsync(IPEndPoint broker, MqttScenario scenario, Progress delivered, int number) =>
        new(await LoadConnection.OpenAsync(broker, $"publisher{number}"), scenario, delivered);

    /// <summary>The bytes of a message.</summary>
    public static byte[] Packet(MqttScenario scenario, ushort packetId) =>
        LoadConnection.Bytes(new OutgoingPublish(new MqttMessage(MqttScenario.Topic, new byte[scenario.PayloadBytes], scenario.Quality), packetId, Duplicate: false));

    /// <summary>Sends until it is stopped.</summary>
    public void Run(CancellationToken stop)
    {
        bool isAcknowledged = scenario.Quality == QualityOfService.AtLeastOnce;
        int batch = Math.Max(1, Math.Min(QueuedMax / 4 / scenario.Publishers, InflightMax / 4));
        byte[] packet = Packet(scenario, isAcknowledged ? (ushort)1 : (ushort)0);
        byte[] bytes = [.. Enumerable.Repeat(packet, batch).SelectMany(copy => copy)];
        Task reading = isAcknowledged ? Task.Run(ReadAcknowledgementsAsync, CancellationToken.None) : Task.CompletedTask;
        for (long sent = 0; ; sent += batch)
        {
            if (!delivered.WaitFor((sent + batch) * scenario.Publishers - QueuedMax, stop) || (isAcknowledged && !_acknowledged.WaitFor(sent + batch - InflightMax, stop)))
                break;
            for (int i = 0; isAcknowledged && i < batch; i++)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan((i + 1) * packet.Length - scenario.PayloadBytes - sizeof(ushort)), (ushort)((sent + i) % ushort.MaxValue + 1));
            socket.Send(bytes);
        }
        socket.Dispose();
        reading.GetAwaiter().GetResult();
    }

    private async Task ReadAcknowledgementsAsync()
    {
        byte[] buffer = new byte[AcknowledgementBytes * 1024];
        int rest = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer) is var read and > 0)
            {
                rest += read;
                _acknowledged.Add(0, rest / AcknowledgementBytes);
                rest %= AcknowledgementBytes;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The round is over.
        }
    }
}
