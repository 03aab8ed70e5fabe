using System;

namespace EdgeMl.Mcu.Agent.Cbor;

/// <summary>
/// Reads CBOR in the core deterministic encoding (RFC 8949, section 4.2.1) from a range of bytes. Refuses indefinite lengths, heads that are not the shortest,
/// reserved heads, floating-point numbers, undefined and other simple values, integers outside of 64 bits, and text that is not UTF-8. Never throws and never
/// reads outside the range. Allocates nothing but the strings asked for. Not thread-safe.
/// </summary>
/// <remarks>
/// The first read that fails sets <see cref="Failed"/>; from then on every read fails and gives 0, false or an empty string. So a caller may read a whole
/// structure and look at <see cref="Failed"/> at its end, if no loop's end depends on anything but a count that this class gave.
/// </remarks>
public sealed class CborReader
{
    /// <summary>Most arrays, maps and tags within one another that <see cref="Skip()"/> goes through.</summary>
    public const int MaxNesting = 8;

    private byte[] _data;
    private int _position;
    private int _end;

    /// <summary>Whether a read has failed since <see cref="Reset"/>.</summary>
    public bool Failed { get; private set; }

    /// <summary>Index of the next byte to be read.</summary>
    public int Position => _position;

    /// <summary>Bytes of the range that have not been read.</summary>
    public int Remaining => _end - _position;

    /// <summary>Index of the first byte of the string that was read last.</summary>
    public int DataOffset { get; private set; }

    /// <summary>Begins to read a range of bytes. A range that is not within <paramref name="data"/> fails at once.</summary>
    /// <param name="data">Holds the bytes; they are not copied.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">Number of bytes.</param>
    public void Reset(byte[] data, int offset, int count)
    {
        Failed = data == null || offset < 0 || count < 0 || offset > data.Length - count;
        _data = data;
        _position = Failed ? 0 : offset;
        _end = Failed ? 0 : offset + count;
        DataOffset = _position;
    }

    /// <summary>Fails the reader: what it read is not what the caller expects.</summary>
    public void Fail()
    {
        Failed = true;
    }

    /// <summary>Fails the reader unless the whole range has been read.</summary>
    /// <returns>Whether the reader has not failed.</returns>
    public bool Finish()
    {
        if (_position != _end)
            Failed = true;
        return !Failed;
    }

    /// <summary>What the next item is, as its first byte says; reading it may still fail.</summary>
    public CborType Peek()
    {
        if (Failed || _position >= _end)
            return CborType.None;
        int initial = _data[_position];
        if (initial >= CborFormat.False)
            return initial <= CborFormat.True ? CborType.Bool : initial == CborFormat.Null ? CborType.Null : CborType.Refused;
        return initial >= 7 << 5 || (initial & 31) > CborFormat.OneByte + 3 ? CborType.Refused : (CborType)(initial >> 5);
    }

    /// <summary>Reads an integer.</summary>
    public long ReadInteger()
    {
        bool negative = Peek() == CborType.Negative;
        long argument = ReadHead(negative ? CborType.Negative : CborType.Unsigned);
        return negative && !Failed ? ~argument : argument;
    }

    /// <summary>Reads an integer that lies in a range, both ends included.</summary>
    /// <returns>The integer; <paramref name="low"/> where it fails.</returns>
    public int ReadInteger(int low, int high)
    {
        long value = ReadInteger();
        if (value < low || value > high)
            Failed = true;
        return Failed ? low : (int)value;
    }

    /// <summary>Reads a map's key that is an integer of 0 or more, in the order that the deterministic encoding asks for.</summary>
    /// <param name="previous">The key before it in the same map; -1 for the first.</param>
    /// <returns>The key, above <paramref name="previous"/>; 0 where it fails.</returns>
    public int ReadKey(int previous)
    {
        long key = ReadHead(CborType.Unsigned);
        if (key <= previous || key > int.MaxValue)
            Failed = true;
        return Failed ? 0 : (int)key;
    }

    /// <summary>Reads a byte string; its bytes begin at <see cref="DataOffset"/>.</summary>
    /// <returns>Number of bytes; 0 where it fails.</returns>
    public int ReadBytes()
    {
        return ReadString(CborType.Bytes);
    }

    /// <summary>Reads a byte string of a known length; its bytes begin at <see cref="DataOffset"/>.</summary>
    /// <returns>Whether it has that length.</returns>
    public bool ReadBytes(int length)
    {
        if (ReadString(CborType.Bytes) != length)
            Failed = true;
        return !Failed;
    }

    /// <summary>Reads a byte string of the length of a range, and copies it there.</summary>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="index">Where the first goes.</param>
    /// <param name="length">Their number; the range lies within <paramref name="buffer"/>.</param>
    /// <returns>Whether it has that length; nothing is copied otherwise.</returns>
    public bool ReadBytes(byte[] buffer, int index, int length)
    {
        if (!ReadBytes(length))
            return false;
        Array.Copy(_data, DataOffset, buffer, index, length);
        return true;
    }

    /// <summary>Reads the head of a byte string whose bytes need not be in the range.</summary>
    /// <returns>Number of bytes, any from 0 on; -1 where it fails.</returns>
    public long ReadBytesHead()
    {
        long count = ReadHead(CborType.Bytes);
        return Failed ? -1 : count;
    }

    /// <summary>Reads a text string; its UTF-8 bytes begin at <see cref="DataOffset"/>.</summary>
    /// <returns>Number of bytes; 0 where it fails.</returns>
    public int ReadText()
    {
        int count = ReadString(CborType.Text);
        if (Failed || Utf8.Characters(_data, DataOffset, count) >= 0)
            return count;
        Failed = true;
        return 0;
    }

    /// <summary>Reads a text string of at most a number of UTF-8 bytes into a new string.</summary>
    public string ReadText(int maxBytes)
    {
        int count = ReadString(CborType.Text);
        int characters = Failed || count > maxBytes ? -1 : Utf8.Characters(_data, DataOffset, count);
        if (characters >= 0)
            return Utf8.Decode(_data, DataOffset, characters);
        Failed = true;
        return "";
    }

    /// <summary>Reads the head of an array; its items follow.</summary>
    /// <returns>Their number, which is not above <see cref="Remaining"/>; 0 where it fails.</returns>
    public int ReadArray()
    {
        return ReadCount(CborType.Array, 1);
    }

    /// <summary>Reads the head of a map; a key and a value for each pair follow.</summary>
    /// <returns>Number of pairs, which is not above half of <see cref="Remaining"/>; 0 where it fails.</returns>
    public int ReadMap()
    {
        return ReadCount(CborType.Map, 2);
    }

    /// <summary>Reads a tag; the item that it is for follows.</summary>
    public long ReadTag()
    {
        return ReadHead(CborType.Tag);
    }

    /// <summary>Reads false or true.</summary>
    public bool ReadBool()
    {
        if (Peek() != CborType.Bool)
        {
            Failed = true;
            return false;
        }
        return _data[_position++] == CborFormat.True;
    }

    /// <summary>Reads null if it is the next item.</summary>
    /// <returns>Whether it was; if not, nothing is read and nothing fails.</returns>
    public bool TryReadNull()
    {
        if (Peek() != CborType.Null)
            return false;
        _position++;
        return true;
    }

    /// <summary>Reads one item of any type, with all that is in it, which must not nest deeper than <see cref="MaxNesting"/>.</summary>
    public void Skip()
    {
        Skip(0);
    }

    private void Skip(int nesting)
    {
        CborType type = Peek();
        if (type == CborType.Bool || type == CborType.Null)
        {
            _position++;
            return;
        }
        if (type == CborType.Bytes)
        {
            ReadBytes();
            return;
        }
        if (type == CborType.Text)
        {
            ReadText();
            return;
        }
        bool isContainer = type == CborType.Array || type == CborType.Map || type == CborType.Tag;
        if (type > CborType.Null || (isContainer && nesting == MaxNesting))
        {
            Failed = true;
            return;
        }
        int items = 0;
        if (type == CborType.Array)
            items = ReadArray();
        else if (type == CborType.Map)
            items = 2 * ReadMap();
        else
            ReadHead(type);
        if (type == CborType.Tag)
            items = 1;
        while (items-- > 0 && !Failed)
            Skip(nesting + 1);
    }

    private int ReadString(CborType type)
    {
        int count = ReadCount(type, 1);
        DataOffset = _position;
        _position += count;
        return count;
    }

    /// <summary>Reads a count of which each takes at least <paramref name="bytes"/> bytes of the rest of the range.</summary>
    private int ReadCount(CborType type, int bytes)
    {
        long count = ReadHead(type);
        if (count > Remaining / bytes)
            Failed = true;
        return Failed ? 0 : (int)count;
    }

    private long ReadHead(CborType type)
    {
        if (Peek() != type)
        {
            Failed = true;
            return 0;
        }
        int info = _data[_position] & 31;
        int size = info < CborFormat.OneByte ? 0 : 1 << (info - CborFormat.OneByte);
        if (size >= _end - _position)
        {
            Failed = true;
            return 0;
        }
        long argument = size == 0 ? info : 0;
        for (int i = 1; i <= size; i++)
            argument = (argument << 8) | _data[_position + i];
        if (argument < 0 || CborFormat.ArgumentSize(argument) != size)
        {
            Failed = true;
            return 0;
        }
        _position += 1 + size;
        return argument;
    }
}
