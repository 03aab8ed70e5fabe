using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Tests.Packets;
using EdgeMl.Mcu.Testing;

namespace EdgeMl.Mcu.Mqtt.Tests.Support;

/// <summary>One end of a TCP connection that sends and takes single packets, so that a test decides about every step of an exchange.</summary>
internal sealed class RawConnection : IDisposable
{
    // Small, so that a connection that nobody reads from is soon full.
    private const int BufferBytes = 64 * 1024;

    private readonly NetworkStream _stream;
    private readonly PipeReader _input;

    public RawConnection(Socket socket)
    {
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(_stream);
    }

    public bool SessionPresent { get; private set; }

    public static async Task<RawConnection> OpenAsync(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = BufferBytes, SendBufferSize = BufferBytes };
        await socket.ConnectAsync(server, TestContext.Current.CancellationToken);
        return new RawConnection(socket);
    }

    /// <summary>Connects as a client and waits for the consent.</summary>
    public static async Task<RawConnection> ConnectAsync(
        IMqttBroker broker, string clientId, bool clean = true, ushort keepAlive = 0, MqttMessage? will = null, string? userName = null)
    {
        RawConnection connection = await OpenAsync(broker.EndPoints[0]);
        await connection.SendAsync(new ConnectPacket { ClientId = clientId, CleanSession = clean, KeepAlive = keepAlive, Will = will, UserName = userName });
        var answer = await connection.ReceiveAsync<ConnackPacket>();
        Assert.Equal(ConnectReturnCode.Accepted, answer.ReturnCode);
        connection.SessionPresent = answer.SessionPresent;
        return connection;
    }

    public async Task SendAsync(params IOutgoingPacket[] packets) => await SendAsync(packets.SelectMany(Codec.Bytes).ToArray());

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);

    public Task PublishAsync(string topic, byte[] payload, QualityOfService quality = QualityOfService.AtMostOnce, ushort id = 0, bool retain = false, bool duplicate = false) =>
        SendAsync(new OutgoingPublish(new MqttMessage(topic, payload, quality, retain), id, duplicate));

    public async Task SubscribeAsync(string filter, QualityOfService quality)
    {
        await SendAsync(new SubscribePacket(1, [new SubscribeRequest(filter, quality)]));
        Assert.Equal([(byte)quality], (await ReceiveAsync<SubackPacket>()).ReturnCodes);
    }

    /// <summary>The next packet, or null if the other side closed the connection.</summary>
    public async Task<IOutgoingPacket?> ReceiveAsync()
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Limit);
            }
            catch (IOException)
            {
                return null;
            }
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (MqttFrame.TryRead(ref buffer, RemainingLength.Max, out MqttFrame frame))
            {
                IOutgoingPacket packet = Codec.Read(frame);
                _input.AdvanceTo(buffer.Start);
                return packet;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    public async Task<TPacket> ReceiveAsync<TPacket>()
        where TPacket : IOutgoingPacket => Assert.IsType<TPacket>(await ReceiveAsync());

    /// <summary>The next packet, which is an acknowledgement of a type.</summary>
    public async Task<ushort> ReceiveAsync(PacketType type)
    {
        var packet = await ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal(type, packet.Type);
        return packet.PacketId;
    }

    /// <summary>Waits until the other side has acted on everything that was sent, and has sent nothing else.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(new EmptyPacket(PacketType.Pingreq));
        Assert.Equal(new EmptyPacket(PacketType.Pingresp), await ReceiveAsync());
    }

    public async Task ExpectClosedAsync() => Assert.Null(await ReceiveAsync());

    /// <summary>Closes the connection without DISCONNECT.</summary>
    public void Dispose() => _stream.Dispose();
}
