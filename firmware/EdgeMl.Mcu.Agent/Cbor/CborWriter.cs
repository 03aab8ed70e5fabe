using System;

namespace EdgeMl.Mcu.Agent.Cbor;

/// <summary>
/// Writes CBOR in the core deterministic encoding (RFC 8949, section 4.2.1): shortest heads, definite lengths. The caller writes as many items as
/// it announces and the keys of a map in the order of their encodings. Allocates nothing but the characters of a string. Not thread-safe.
/// </summary>
public sealed class CborWriter
{
    private byte[] _buffer;
    private int _start;
    private int _position;
    private int _end;

    /// <summary>Whether an item did not fit or was given a negative count. Nothing is written from then on, until <see cref="Reset"/>.</summary>
    public bool Failed { get; private set; }

    /// <summary>Index in the buffer of the next byte to be written.</summary>
    public int Position => _position;

    /// <summary>Bytes written since <see cref="Reset"/>.</summary>
    public int Length => _position - _start;

    /// <summary>Begins to write into a range of a buffer. A range that is not within the buffer fails at once.</summary>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="capacity">Most bytes to write.</param>
    public void Reset(byte[] buffer, int offset, int capacity)
    {
        Failed = buffer == null || offset < 0 || capacity < 0 || offset > buffer.Length - capacity;
        _buffer = buffer;
        _start = Failed ? 0 : offset;
        _position = _start;
        _end = Failed ? 0 : offset + capacity;
    }

    /// <summary>Writes an integer.</summary>
    public void WriteInteger(long value)
    {
        if (value >= 0)
            WriteHead(CborType.Unsigned, value);
        else
            WriteHead(CborType.Negative, ~value);
    }

    /// <summary>Writes a byte string.</summary>
    /// <param name="data">Holds its bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="data"/>.</param>
    public void WriteBytes(byte[] data, int offset, int count)
    {
        int to = ReserveBytes(count);
        if (to >= 0)
            Array.Copy(data, offset, _buffer, to, count);
    }

    /// <summary>Writes the head of a byte string and leaves its bytes as they are in the buffer, for the caller to fill in.</summary>
    /// <returns>Index in the buffer of the first of them; -1 where they do not fit.</returns>
    public int ReserveBytes(int count)
    {
        WriteHead(CborType.Bytes, count);
        return Take(count);
    }

    /// <summary>Writes a text string. A surrogate that has no partner becomes U+FFFD.</summary>
    public void WriteText(string text)
    {
        // The indexer of the device's strings gives the first half of a surrogate pair twice; their characters as an array are right.
        char[] characters = text.ToCharArray();
        int count = Utf8.Size(characters);
        WriteHead(CborType.Text, count);
        int to = Take(count);
        if (to >= 0)
            Utf8.Encode(characters, _buffer, to);
    }

    /// <summary>Writes a text string that is already UTF-8.</summary>
    /// <param name="utf8">Holds its bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="utf8"/>.</param>
    public void WriteText(byte[] utf8, int offset, int count)
    {
        WriteHead(CborType.Text, count);
        WriteEncoded(utf8, offset, count);
    }

    /// <summary>Begins an array; its items follow.</summary>
    public void WriteArray(int items)
    {
        WriteHead(CborType.Array, items);
    }

    /// <summary>Begins a map; a key and a value for each pair follow.</summary>
    public void WriteMap(int pairs)
    {
        WriteHead(CborType.Map, pairs);
    }

    /// <summary>Writes a tag, 0 or more; the item that it is for follows.</summary>
    public void WriteTag(long tag)
    {
        WriteHead(CborType.Tag, tag);
    }

    /// <summary>Writes false or true.</summary>
    public void WriteBool(bool value)
    {
        WriteByte(value ? CborFormat.True : CborFormat.False);
    }

    /// <summary>Writes null.</summary>
    public void WriteNull()
    {
        WriteByte(CborFormat.Null);
    }

    /// <summary>Writes bytes as they are: items encoded before.</summary>
    /// <param name="data">Holds the bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes; they lie within <paramref name="data"/>.</param>
    public void WriteEncoded(byte[] data, int offset, int count)
    {
        int to = Take(count);
        if (to >= 0)
            Array.Copy(data, offset, _buffer, to, count);
    }

    private void WriteHead(CborType type, long argument)
    {
        if (argument < 0)
        {
            Failed = true;
            return;
        }
        int size = CborFormat.ArgumentSize(argument);
        int to = Take(1 + size);
        if (to < 0)
            return;
        int info = size == 0 ? (int)argument : size == 1 ? CborFormat.OneByte : size == 2 ? CborFormat.OneByte + 1 : size == 4 ? CborFormat.OneByte + 2 : CborFormat.OneByte + 3;
        _buffer[to] = (byte)(((int)type << 5) | info);
        for (int i = to + size; i > to; i--)
        {
            _buffer[i] = (byte)argument;
            argument >>= 8;
        }
    }

    private void WriteByte(int value)
    {
        int to = Take(1);
        if (to >= 0)
            _buffer[to] = (byte)value;
    }

    private int Take(int count)
    {
        if (Failed || count < 0 || count > _end - _position)
        {
            Failed = true;
            return -1;
        }
        int to = _position;
        _position += count;
        return to;
    }
}
