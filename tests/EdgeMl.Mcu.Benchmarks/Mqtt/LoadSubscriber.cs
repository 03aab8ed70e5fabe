using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Benchmarks.Mqtt;

/// <summary>Takes messages of one length, counts them, and acknowledges those of QoS 1.</summary>
internal sealed class LoadSubscriber(Socket socket, MqttScenario scenario, Progress progress, int number)
{
    private const int BufferBytes = 128 * 1024, AcknowledgementBytes = 4, SubackBytes = 5;

    private readonly int _packetBytes = LoadPublisher.Packet(scenario, packetId: 1).Length;

    public static async Task<LoadSubscriber> OpenAsync(IPEndPoint broker, MqttScenario scenario, Progress progress, int number)
    {
        Socket socket = await LoadConnection.OpenAsync(broker, $"subscriber{number}");
        await LoadConnection.SendAsync(socket, new SubscribePacket(1, [new SubscribeRequest(MqttScenario.Topic, scenario.Quality)]));
        await LoadConnection.ReadAsync(socket, SubackBytes);
        return new LoadSubscriber(socket, scenario, progress, number);
    }

    /// <summary>Runs until the connection is closed.</summary>
    public async Task RunAsync()
    {
        byte[] buffer = new byte[BufferBytes], answers = new byte[BufferBytes / _packetBytes * AcknowledgementBytes + AcknowledgementBytes];
        int filled = 0;
        try
        {
            while (true)
            {
                int read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (read == 0)
                    return;
                filled += read;
                int packets = filled / _packetBytes;
                if (scenario.Quality == QualityOfService.AtLeastOnce && packets > 0)
                    await socket.SendAsync(answers.AsMemory(0, Answer(buffer, packets, answers)));
                buffer.AsSpan(packets * _packetBytes, filled - packets * _packetBytes).CopyTo(buffer);
                filled -= packets * _packetBytes;
                progress.Add(number, packets);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The round is over.
        }
    }

    public void Close() => socket.Dispose();

    private int Answer(byte[] buffer, int packets, byte[] answers)
    {
        int idFromEnd = scenario.PayloadBytes + sizeof(ushort), length = 0;
        for (int i = 0; i < packets; i++)
        {
            ReadOnlySpan<byte> id = buffer.AsSpan((i + 1) * _packetBytes - idFromEnd, sizeof(ushort));
            answers[length] = (byte)PacketType.Puback << 4;
            answers[length + 1] = sizeof(ushort);
            BinaryPrimitives.WriteUInt16BigEndian(answers.AsSpan(length + 2), BinaryPrimitives.ReadUInt16BigEndian(id));
            length += AcknowledgementBytes;
        }
        return length;
    }
}
