using EdgeMl.Mcu.Agent.Crypto;

namespace EdgeMl.Mcu.Agent.Messages;

/// <summary>
/// Seals and opens envelopes: <c>[body: bstr, tag: bstr .size 16]</c> in CBOR, where tag is the first bytes of HMAC-SHA256(message key, topic ‖ 0x00 ‖ body).
/// Allocates nothing after construction. Not thread-safe.
/// </summary>
public sealed class Envelope
{
    /// <summary>Bytes of a tag.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes before a body for which <see cref="Seal"/> needs room.</summary>
    public const int HeadBytesMax = 4;

    /// <summary>Bytes behind a body for which <see cref="Seal"/> needs room.</summary>
    public const int TailBytes = 1 + TagBytes;

    private const int ArrayOfTwo = 0x82;
    private const int ByteString = 0x40;
    private const int OneByteLength = 24;
    private const int TopicPart = 16;

    private readonly HmacSha256 _mac;
    private readonly byte[] _topic = new byte[TopicPart];

    /// <summary>Creates it with a key of no bytes.</summary>
    public Envelope()
        : this(new Sha256())
    {
    }

    /// <summary>Creates it with a key of no bytes and a hash that others use too between calls.</summary>
    public Envelope(Sha256 hash)
    {
        _mac = new HmacSha256(hash);
    }

    /// <summary>Takes the message key.</summary>
    /// <param name="key">Holds the key; it is not kept.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="count">Its length.</param>
    public void SetKey(byte[] key, int offset, int count)
    {
        _mac.SetKey(key, offset, count);
    }

    /// <summary>Where the envelope or body that was made or found last begins.</summary>
    public int Offset { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Puts head and tag around a body; <see cref="Offset"/> and <see cref="Length"/> say where the envelope is.</summary>
    /// <param name="topic">The topic that it is for, in ASCII.</param>
    /// <param name="buffer">Holds the body, with room for <see cref="HeadBytesMax"/> before and <see cref="TailBytes"/> behind it.</param>
    /// <param name="offset">First byte of the body.</param>
    /// <param name="count">Its length, at most 65,535.</param>
    public void Seal(string topic, byte[] buffer, int offset, int count)
    {
        int tail = offset + count;
        Begin(topic);
        _mac.Append(buffer, offset, count);
        buffer[tail] = ByteString | TagBytes;
        _mac.Finish(buffer, tail + 1, TagBytes);
        int start = offset;
        if (count < OneByteLength)
        {
            buffer[--start] = (byte)(ByteString | count);
        }
        else
        {
            buffer[--start] = (byte)count;
            if (count > 0xFF)
                buffer[--start] = (byte)(count >> 8);
            buffer[--start] = (byte)(ByteString | (count > 0xFF ? OneByteLength + 1 : OneByteLength));
        }
        buffer[--start] = ArrayOfTwo;
        Offset = start;
        Length = tail + TailBytes - start;
    }

    /// <summary>Checks an envelope; <see cref="Offset"/> and <see cref="Length"/> say where its body is.</summary>
    /// <param name="topic">The topic that it came on, in ASCII.</param>
    /// <param name="data">Holds the envelope.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="count">Its length.</param>
    /// <returns>Whether it is an envelope and its tag is that of the key, topic and body.</returns>
    public bool Open(string topic, byte[] data, int offset, int count)
    {
        if (count < 2 + TailBytes || data[offset] != ArrayOfTwo)
            return false;
        int head = data[offset + 1];
        int lengthBytes = head < ByteString + OneByteLength ? 0 : head - (ByteString + OneByteLength - 1);
        if (head < ByteString || lengthBytes > 2)
            return false;
        int body = offset + 2 + lengthBytes;
        int length = lengthBytes == 0 ? head - ByteString : lengthBytes == 1 ? data[offset + 2] : (data[offset + 2] << 8) | data[offset + 3];
        bool isShortest = lengthBytes == 0 || length >= (lengthBytes == 1 ? OneByteLength : 0x100);
        int tail = body + length;
        if (!isShortest || tail + TailBytes != offset + count || data[tail] != (ByteString | TagBytes))
            return false;
        Begin(topic);
        _mac.Append(data, body, length);
        if (!_mac.Verify(data, tail + 1, TagBytes))
            return false;
        Offset = body;
        Length = length;
        return true;
    }

    private void Begin(string topic)
    {
        _mac.Reset();
        int used = 0;
        for (int i = 0; i < topic.Length; i++)
        {
            _topic[used++] = (byte)topic[i];
            if (used == TopicPart)
            {
                _mac.Append(_topic, 0, used);
                used = 0;
            }
        }
        _topic[used++] = 0;
        _mac.Append(_topic, 0, used);
    }
}
