using System.Runtime.InteropServices;
using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>Seals and opens envelopes with the device's own class. Thread-safe.</summary>
internal static class Envelopes
{
    [ThreadStatic]
    private static Envelope? _envelope;

    /// <summary>Takes an envelope apart.</summary>
    /// <returns>The body, or null if it is no envelope of this key and topic.</returns>
    public static byte[]? Open(byte[] messageKey, string topic, ReadOnlyMemory<byte> payload)
    {
        ArraySegment<byte> data = MemoryMarshal.TryGetArray(payload, out ArraySegment<byte> segment) ? segment : payload.ToArray();
        Envelope envelope = For(messageKey);
        return data.Count > 0 && envelope.Open(topic, data.Array!, data.Offset, data.Count)
            ? data.Array![envelope.Offset..(envelope.Offset + envelope.Length)]
            : null;
    }

    /// <summary>Makes an envelope.</summary>
    /// <param name="messageKey">The device's message key.</param>
    /// <param name="topic">The topic that it is for.</param>
    /// <param name="body">At most 65,535 bytes.</param>
    public static ReadOnlyMemory<byte> Seal(byte[] messageKey, string topic, byte[] body)
    {
        byte[] buffer = new byte[Envelope.HeadBytesMax + body.Length + Envelope.TailBytes];
        body.CopyTo(buffer, Envelope.HeadBytesMax);
        Envelope envelope = For(messageKey);
        envelope.Seal(topic, buffer, Envelope.HeadBytesMax, body.Length);
        return buffer.AsMemory(envelope.Offset, envelope.Length);
    }

    private static Envelope For(byte[] messageKey)
    {
        _envelope ??= new Envelope();
        _envelope.SetKey(messageKey, 0, messageKey.Length);
        return _envelope;
    }
}
