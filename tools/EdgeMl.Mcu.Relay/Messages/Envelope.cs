using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>The envelope of messages: body and the first bytes of HMAC-SHA256(message key, topic ‖ 0x00 ‖ body).</summary>
internal static class Envelope
{
    private const int TagBytes = 16;
    private const int HeadBytesMax = 8;

    /// <summary>Takes an envelope apart.</summary>
    /// <returns>The body, or null if it is no envelope of this key and topic.</returns>
    public static byte[]? Open(byte[] messageKey, string topic, ReadOnlySpan<byte> payload)
    {
        byte[] data = payload.ToArray();
        var reader = new CborReader();
        reader.Reset(data, 0, data.Length);
        if (reader.ReadArray() != 2)
            return null;
        int length = reader.ReadBytes();
        int start = reader.DataOffset;
        reader.ReadBytes(TagBytes);
        int tag = reader.DataOffset;
        if (!reader.Finish())
            return null;
        byte[] body = data[start..(start + length)];
        return CryptographicOperations.FixedTimeEquals(Tag(messageKey, topic, body), data.AsSpan(tag, TagBytes)) ? body : null;
    }

    /// <summary>Makes an envelope.</summary>
    public static byte[] Seal(byte[] messageKey, string topic, ReadOnlySpan<byte> body)
    {
        byte[] buffer = new byte[body.Length + TagBytes + HeadBytesMax];
        byte[] content = body.ToArray();
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteArray(2);
        writer.WriteBytes(content, 0, content.Length);
        writer.WriteBytes(Tag(messageKey, topic, body), 0, TagBytes);
        return buffer[..writer.Length];
    }

    private static byte[] Tag(byte[] messageKey, string topic, ReadOnlySpan<byte> body)
    {
        byte[] input = new byte[Encoding.UTF8.GetByteCount(topic) + 1 + body.Length];
        int count = Encoding.UTF8.GetBytes(topic, input);
        body.CopyTo(input.AsSpan(count + 1));
        return HMACSHA256.HashData(messageKey, input)[..TagBytes];
    }
}
