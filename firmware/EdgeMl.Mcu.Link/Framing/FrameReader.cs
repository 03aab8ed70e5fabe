using System;
using EdgeMl.Mcu.Link.Ports;
using F = EdgeMl.Mcu.Link.Framing.FrameFormat;

namespace EdgeMl.Mcu.Link.Framing;

/// <summary>
/// Finds frames in a stream of bytes. Whatever is no whole and undamaged frame is dropped up to the next zero byte, and counted. All memory is taken by the constructor.
/// </summary>
public sealed class FrameReader
{
    private readonly byte[] _buffer;
    private int _fill;
    private int _start;
    private int _scanned;
    private int _payload;
    private bool _isSkipping;

    /// <summary>Creates a reader.</summary>
    /// <param name="frameBytes">Size of the largest frame before it is stuffed, <see cref="FrameFormat.OverheadBytes"/> or more.</param>
    public FrameReader(int frameBytes)
    {
        _buffer = new byte[Cobs.EncodedMax(frameBytes) + 1];
    }

    /// <summary>Holds the payload of the present frame.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>First byte of the payload in <see cref="Buffer"/>.</summary>
    public int PayloadOffset => _payload;

    /// <summary>Bytes of the payload.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>Version of the protocol that the frame is of; of another one than <see cref="FrameFormat.Version"/> only this and <see cref="Sequence"/> can be relied upon.</summary>
    public int Version => _buffer[_payload - F.HeaderBytes + F.VersionOffset];

    /// <summary>Kind of the frame, <see cref="LinkKind.Answer"/> included.</summary>
    public int Kind => _buffer[_payload - F.HeaderBytes + F.KindOffset];

    /// <summary>Its sequence number, 0 to 65,535.</summary>
    public int Sequence => BitConverter.ToUInt16(_buffer, _payload - F.HeaderBytes + F.SequenceOffset);

    /// <summary>Its status, 0 to 255.</summary>
    public int Status => _buffer[_payload - F.HeaderBytes + F.StatusOffset];

    /// <summary>Its checksum.</summary>
    public int Checksum => BitConverter.ToUInt16(_buffer, _payload + PayloadLength);

    /// <summary>Frames that were taken.</summary>
    public int Frames { get; private set; }

    /// <summary>What lay between two zero bytes and was no frame.</summary>
    public int Damaged { get; private set; }

    /// <summary>Takes what has arrived at a port. The present frame is over.</summary>
    /// <returns>Whether anything has.</returns>
    public bool Receive(LinkPort port)
    {
        Compact();
        int count = port.Read(_buffer, _fill, _buffer.Length - _fill);
        if (count <= 0)
            return false;
        _fill += count;
        return true;
    }

    /// <summary>Goes to the next frame among the bytes that were received. False where there is none; the present one is over.</summary>
    public bool Next()
    {
        PayloadLength = 0;
        while (TryFindZero())
        {
            int start = _start;
            int count = _scanned - start;
            _start = ++_scanned;
            if (_isSkipping)
                _isSkipping = false;
            else if (count > 0 && TryOpen(start, count))
                return true;
        }
        if (_start == 0 && _fill == _buffer.Length)
        {
            // Longer than any frame: the rest of it is not looked at.
            if (!_isSkipping)
                Damaged++;
            _isSkipping = true;
            _fill = 0;
            _scanned = 0;
        }
        return false;
    }

    /// <summary>A byte of the payload.</summary>
    public int ReadByte(int index)
    {
        return _buffer[_payload + index];
    }

    /// <summary>Two bytes of the payload, 0 to 65,535.</summary>
    public int ReadUInt16(int index)
    {
        return BitConverter.ToUInt16(_buffer, _payload + index);
    }

    /// <summary>Four bytes of the payload.</summary>
    public int ReadInt32(int index)
    {
        return BitConverter.ToInt32(_buffer, _payload + index);
    }

    /// <summary>Eight bytes of the payload.</summary>
    public long ReadInt64(int index)
    {
        return BitConverter.ToInt64(_buffer, _payload + index);
    }

    private bool TryFindZero()
    {
        byte[] buffer = _buffer;
        int fill = _fill;
        int at = _scanned;
        while (at < fill && buffer[at] != 0)
            at++;
        _scanned = at;
        return at < fill;
    }

    private bool TryOpen(int start, int count)
    {
        int length = Cobs.Decode(_buffer, start, count);
        int end = start + length - F.ChecksumBytes;
        if (length < F.OverheadBytes || Crc16.Compute(_buffer, start, length - F.ChecksumBytes) != BitConverter.ToUInt16(_buffer, end))
        {
            Damaged++;
            return false;
        }
        _payload = start + F.HeaderBytes;
        PayloadLength = end - _payload;
        Frames++;
        return true;
    }

    private void Compact()
    {
        if (_start == 0)
            return;
        _fill -= _start;
        _scanned -= _start;
        Array.Copy(_buffer, _start, _buffer, 0, _fill);
        _start = 0;
    }
}
