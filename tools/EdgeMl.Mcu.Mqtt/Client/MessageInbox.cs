using System.Buffers;
using System.Text;
using System.Threading.Channels;
using EdgeMl.Mcu.Mqtt.Packets;

namespace EdgeMl.Mcu.Mqtt.Client;

/// <summary>The messages that wait for the application's handler. Reading from the network never waits for the handler.</summary>
internal sealed class MessageInbox(MqttClientOptions options)
{
    private readonly Channel<Received> _channel = Channel.CreateUnbounded<Received>(new UnboundedChannelOptions { SingleReader = true });
    private int _count;

    /// <summary>Adds a message, or drops it if it is QoS 0 and there is no room.</summary>
    /// <exception cref="MqttProtocolException">QoS 2, which was not subscribed to; or more unacknowledged messages than there are identifiers.</exception>
    public void Add(in PublishPacket packet, ClientConnection connection)
    {
        int waiting = Volatile.Read(ref _count);
        switch (packet.Quality)
        {
            case QualityOfService.AtMostOnce when waiting >= options.ReceiveQueueMax:
                return;
            case QualityOfService.AtLeastOnce when waiting >= options.ReceiveQueueMax + ushort.MaxValue:
                throw MqttProtocolException.Violation("The broker sent more messages than it may without acknowledgements.");
            case QualityOfService.ExactlyOnce:
                throw MqttProtocolException.Violation("The broker sent a QoS 2 message, which was not subscribed to.");
        }
        var message = new MqttMessage(Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray(), packet.Quality, packet.Retain);
        Interlocked.Increment(ref _count);
        _channel.Writer.TryWrite(new Received(message, packet.PacketId, connection));
    }

    /// <summary>No more messages come.</summary>
    public void Close() => _channel.Writer.TryComplete();

    /// <summary>Hands messages to the handler, one after another, until <see cref="Close"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (Received received in _channel.Reader.ReadAllAsync(CancellationToken.None))
        {
            Interlocked.Decrement(ref _count);
            bool isAcknowledged = received.Message.Quality == QualityOfService.AtLeastOnce;
            // In a session that is kept, what cannot be acknowledged any more comes again.
            if (cancellationToken.IsCancellationRequested || (isAcknowledged && !options.CleanSession && received.Connection.HasFailed))
                continue;
            try
            {
                if (options.MessageHandler is { } handler)
                    await handler(received.Message, cancellationToken);
            }
            catch (Exception exception)
            {
                received.Connection.Fail(new MqttException(MqttErrorCodes.HandlerFailed, $"The handler of messages failed: {exception.Message}", innerException: exception));
                continue;
            }
            if (isAcknowledged)
                await received.Connection.TrySendAsync(new AcknowledgementPacket(PacketType.Puback, received.PacketId));
        }
    }

    private readonly record struct Received(MqttMessage Message, ushort PacketId, ClientConnection Connection);
}
