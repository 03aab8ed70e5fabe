using System;
using EdgeMl.Mcu.Link.Ports;
using F = EdgeMl.Mcu.Link.Framing.FrameFormat;

namespace EdgeMl.Mcu.Link.Framing;

/// <summary>
/// Composes frames and sends them, one at a time; the last one stays and can be sent again. All memory is taken by the constructor. What does not fit sets <see cref="Failed"/>.
/// </summary>
public sealed class FrameWriter
{
    private readonly byte[] _buffer;
    private readonly int _start;
    private readonly int _end;
    private int _place;
    private int _encoded;

    /// <summary>Creates a writer.</summary>
    /// <param name="frameBytes">Size of the largest frame before it is stuffed, <see cref="FrameFormat.OverheadBytes"/> or more.</param>
    public FrameWriter(int frameBytes)
    {
        // A zero at the begin ends what noise may have begun, and one at the end ends the frame.
        int stuffed = Cobs.EncodedMax(frameBytes);
        _buffer = new byte[1 + stuffed + 1];
        _start = 1 + stuffed - frameBytes;
        _end = _start + frameBytes - F.ChecksumBytes;
        _place = _start;
    }

    /// <summary>Whether something did not fit since <see cref="Begin"/>.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes of the frame that was begun; those from <see cref="Place"/> on are free for passing use, <see cref="Room"/> of them.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Where the next byte goes in <see cref="Buffer"/>.</summary>
    public int Place => _place;

    /// <summary>Bytes that still fit.</summary>
    public int Room => _end - _place;

    /// <summary>Bytes of the payload so far.</summary>
    public int Length => _place - _start - F.HeaderBytes;

    /// <summary>Begins a frame; the last one is lost.</summary>
    /// <param name="kind">A number of <see cref="LinkKind"/>, with <see cref="LinkKind.Answer"/> in an answer.</param>
    /// <param name="sequence">Sequence number, 0 to 65,535.</param>
    public void Begin(int kind, int sequence)
    {
        _encoded = 0;
        Failed = false;
        _place = _start;
        WriteByte(F.Version);
        WriteByte(kind);
        WriteUInt16(sequence);
        WriteByte(0);
    }

    /// <summary>Drops the payload that was written so far.</summary>
    public void Clear()
    {
        Failed = false;
        _place = _start + F.HeaderBytes;
    }

    /// <summary>Writes one byte.</summary>
    public void WriteByte(int value)
    {
        if (Take(1))
            _buffer[_place - 1] = (byte)value;
    }

    /// <summary>Writes 2 bytes, the lowest first.</summary>
    public void WriteUInt16(int value)
    {
        if (!Take(2))
            return;
        _buffer[_place - 2] = (byte)value;
        _buffer[_place - 1] = (byte)(value >> 8);
    }

    /// <summary>Writes 4 bytes, the lowest first.</summary>
    public void WriteInt32(int value)
    {
        WriteUInt16(value);
        WriteUInt16(value >> 16);
    }

    /// <summary>Writes 8 bytes, the lowest first.</summary>
    public void WriteInt64(long value)
    {
        WriteInt32((int)value);
        WriteInt32((int)(value >> 32));
    }

    /// <summary>Writes bytes of a buffer.</summary>
    public void WriteBytes(byte[] buffer, int offset, int count)
    {
        if (Take(count))
            Array.Copy(buffer, offset, _buffer, _place - count, count);
    }

    /// <summary>Writes the length of a text in one byte and its characters, of which there are 255 at most; one that is not ASCII becomes a question mark.</summary>
    public void WriteText(string text)
    {
        int count = text == null ? 0 : text.Length > 255 ? 255 : text.Length;
        WriteByte(count);
        if (!Take(count))
            return;
        for (int i = 0; i < count; i++)
        {
            char value = text[i];
            _buffer[_place - count + i] = (byte)(value < 128 ? value : '?');
        }
    }

    /// <summary>Ends the frame: it can be sent.</summary>
    /// <param name="status">0, or the number of an error.</param>
    public void End(int status)
    {
        _buffer[_start + F.StatusOffset] = (byte)status;
        int length = _place - _start;
        int checksum = Crc16.Compute(_buffer, _start, length);
        _buffer[_place] = (byte)checksum;
        _buffer[_place + 1] = (byte)(checksum >> 8);
        _encoded = Cobs.Encode(_buffer, _start, length + F.ChecksumBytes, 1);
        _buffer[0] = 0;
        _buffer[1 + _encoded] = 0;
    }

    /// <summary>Sends the last frame that was ended, a zero byte before it and one behind it.</summary>
    /// <returns>False where there is none or the port failed.</returns>
    public bool Send(LinkPort port)
    {
        return _encoded > 0 && port.Write(_buffer, 0, _encoded + 2);
    }

    private bool Take(int count)
    {
        if (Failed || count > _end - _place)
        {
            Failed = true;
            return false;
        }
        _place += count;
        return true;
    }
}
