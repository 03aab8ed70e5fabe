using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Relay.Client;

namespace EdgeMl.Mcu.Relay.Tests.Support;

/// <summary>Writes and reads messages under a device's key, byte by byte, for devices that do what an agent does not.</summary>
internal sealed class SealedMessages
{
    private readonly Envelope _envelope = new();

    public SealedMessages(Enrollment enrollment)
    {
        byte[] key = DeviceKeys.Derive(Convert.FromHexString(enrollment.DeviceKey), DeviceKeys.MessageLabel);
        _envelope.SetKey(key, 0, key.Length);
        Topics = new DeviceTopics(enrollment.Fleet, enrollment.Device);
    }

    public DeviceTopics Topics { get; }

    /// <summary>A hello whose nonce is one byte eight times.</summary>
    public byte[] Hello(byte nonce)
    {
        byte[] buffer = new byte[1024];
        var writer = new CborWriter();
        writer.Reset(buffer, Envelope.HeadBytesMax, buffer.Length - Envelope.HeadBytesMax - Envelope.TailBytes);
        writer.WriteMap(10);
        writer.WriteInteger(0);
        writer.WriteInteger(1);
        writer.WriteInteger(1);
        writer.WriteBytes([.. Enumerable.Repeat(nonce, Session.NonceBytes)], 0, Session.NonceBytes);
        foreach (int text in new[] { 2, 3 })
        {
            writer.WriteInteger(text);
            writer.WriteText("test");
        }
        foreach (int number in new[] { 4, 5, 6, 7, 8 })
        {
            writer.WriteInteger(number);
            writer.WriteInteger(0);
        }
        writer.WriteInteger(9);
        writer.WriteBytes([], 0, 0);
        Assert.False(writer.Failed);
        _envelope.Seal(Topics.Hello, buffer, Envelope.HeadBytesMax, writer.Length);
        return buffer.AsSpan(_envelope.Offset, _envelope.Length).ToArray();
    }

    /// <summary>Sequence number of a message of the relay.</summary>
    public long NumberOf(string topic, byte[] message)
    {
        Assert.True(_envelope.Open(topic, message, 0, message.Length));
        var reader = new CborReader();
        reader.Reset(message, _envelope.Offset, _envelope.Length);
        reader.ReadMap();
        Assert.Equal(0, reader.ReadKey(-1));
        reader.ReadBytes(Session.NonceBytes);
        Assert.Equal(1, reader.ReadKey(0));
        return reader.ReadInteger();
    }
}
