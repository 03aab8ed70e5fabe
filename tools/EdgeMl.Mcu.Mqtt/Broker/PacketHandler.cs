using System.Buffers;
using System.Text;
using EdgeMl.Mcu.Mqtt.Packets;
using EdgeMl.Mcu.Mqtt.Topics;

namespace EdgeMl.Mcu.Mqtt.Broker;

/// <summary>Acts on the packets of an accepted client.</summary>
internal sealed class PacketHandler(BrokerCore core, BrokerClient client, Session session, ControlQueue answers)
{
    private const int StackCharsMax = 256;

    /// <summary>What the last packet filled up, if anything: before the next packet of this client it has to have room again.</summary>
    public InProcessSubscription? HeldUpBy { get; private set; }

    /// <summary>There is room again.</summary>
    public void GoOn() => HeldUpBy = null;

    /// <summary>Acts on a packet.</summary>
    /// <returns>False if it is DISCONNECT.</returns>
    /// <exception cref="MqttProtocolException">The packet is malformed, or not one that an accepted client sends.</exception>
    public bool Handle(in MqttFrame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                Publish(PublishPacket.Read(frame));
                return true;
            case PacketType.Puback:
                session.Outbound.Acknowledge(AcknowledgementPacket.Read(frame).PacketId);
                return true;
            case PacketType.Pubrec:
                Receive(AcknowledgementPacket.Read(frame).PacketId);
                return true;
            case PacketType.Pubrel:
                Release(AcknowledgementPacket.Read(frame).PacketId);
                return true;
            case PacketType.Pubcomp:
                session.Outbound.Complete(AcknowledgementPacket.Read(frame).PacketId);
                return true;
            case PacketType.Subscribe:
                Subscribe(SubscribePacket.Read(frame));
                return true;
            case PacketType.Unsubscribe:
                Unsubscribe(UnsubscribePacket.Read(frame));
                return true;
            case PacketType.Pingreq:
                answers.Add(new ControlPacket(PacketType.Pingresp));
                return true;
            case PacketType.Disconnect:
                return false;
            default:
                throw MqttProtocolException.Violation($"An accepted client sent {frame.Type}.");
        }
    }

    private void Publish(in PublishPacket packet)
    {
        Interlocked.Increment(ref core.Counters.MessagesReceived);
        switch (packet.Quality)
        {
            case QualityOfService.AtMostOnce:
                Forward(packet);
                break;
            case QualityOfService.AtLeastOnce:
                Forward(packet);
                answers.Add(new ControlPacket(PacketType.Puback, packet.PacketId));
                break;
            default:
                if (session.TryReceive(packet.PacketId))
                    Forward(packet);
                answers.Add(new ControlPacket(PacketType.Pubrec, packet.PacketId));
                break;
        }
    }

    private void Forward(in PublishPacket packet)
    {
        BrokerMessage message = BrokerMessage.Create(packet);
        int bytes = message.Topic.Length;
        char[]? rented = bytes > StackCharsMax ? ArrayPool<char>.Shared.Rent(bytes) : null;
        try
        {
            Span<char> chars = rented is null ? stackalloc char[StackCharsMax] : rented;
            ReadOnlySpan<char> topic = chars[..Encoding.UTF8.GetChars(message.Topic, chars)];
            if (TopicName.LevelsOf(topic) > core.Limits.TopicLevelsMax)
                throw MqttProtocolException.Violation($"A topic has {TopicName.LevelsOf(topic):N0} levels; the limit is {core.Limits.TopicLevelsMax}.");
            if (core.MayPublish(client, topic))
                HeldUpBy = core.Router.Publish(message, topic, packet.Retain);
            else
                Interlocked.Increment(ref core.Counters.Denied);
        }
        finally
        {
            message.Release();
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }

    private void Receive(ushort id)
    {
        session.Outbound.Receive(id);
        answers.Add(new ControlPacket(PacketType.Pubrel, id));
    }

    private void Release(ushort id)
    {
        session.Forget(id);
        answers.Add(new ControlPacket(PacketType.Pubcomp, id));
    }

    private void Subscribe(SubscribePacket packet)
    {
        byte[] codes = new byte[packet.Requests.Count];
        for (int i = 0; i < codes.Length; i++)
            codes[i] = TrySubscribe(packet.Requests[i]) ? (byte)packet.Requests[i].Quality : SubackPacket.Failure;
        answers.Add(new ControlPacket(PacketType.Suback, packet.PacketId, codes));
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] != SubackPacket.Failure)
                core.Router.SendRetained(session, packet.Requests[i].Filter, packet.Requests[i].Quality);
        }
    }

    private bool TrySubscribe(SubscribeRequest request)
    {
        bool isAllowed = TopicName.LevelsOf(request.Filter) <= core.Limits.TopicLevelsMax
            && core.Access.MaySubscribe(client, request.Filter)
            && core.Router.Subscribe(session, request.Filter, request.Quality);
        if (!isAllowed)
            Interlocked.Increment(ref core.Counters.Denied);
        return isAllowed;
    }

    private void Unsubscribe(UnsubscribePacket packet)
    {
        foreach (string filter in packet.Filters)
            core.Router.Unsubscribe(session, filter);
        answers.Add(new ControlPacket(PacketType.Unsuback, packet.PacketId));
    }
}
