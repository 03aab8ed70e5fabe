using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>Reads the map of a message body, key after key in ascending order; after the first mismatch it gives zeros, and <see cref="Finish"/> says so.</summary>
internal sealed class BodyReader
{
    /// <summary>Bytes of nonces and challenges.</summary>
    public const int NonceBytes = 8;

    /// <summary>Bytes of ids.</summary>
    public const int IdBytes = 32;

    private const int NoKey = int.MaxValue;

    private readonly byte[] _data;
    private int _pairs;
    private int _next;

    /// <summary>Begins to read.</summary>
    public BodyReader(byte[] body)
    {
        _data = body;
        Reader.Reset(body, 0, body.Length);
        _pairs = Reader.ReadMap();
        _next = -1;
        Advance();
    }

    /// <summary>Stands at the value of the next key.</summary>
    public CborReader Reader { get; } = new();

    /// <summary>Whether the next key is this one.</summary>
    public bool Has(int key) => _next == key && !Reader.Failed;

    /// <summary>Reads an integer of 0 to a limit.</summary>
    public long Integer(int key, long max)
    {
        Expect(key);
        long value = Reader.ReadInteger();
        if (value < 0 || value > max)
            Reader.Fail();
        Advance();
        return Reader.Failed ? 0 : value;
    }

    /// <summary>Reads a byte string of a length.</summary>
    public byte[] Bytes(int key, int length)
    {
        Expect(key);
        byte[] value = new byte[length];
        Reader.ReadBytes(value, 0, length);
        Advance();
        return value;
    }

    /// <summary>Reads an id, or an empty byte string.</summary>
    public byte[] IdOrEmpty(int key)
    {
        Expect(key);
        int length = Reader.ReadBytes();
        if (length is not (0 or IdBytes))
            Reader.Fail();
        byte[] value = Reader.Failed ? [] : _data[Reader.DataOffset..(Reader.DataOffset + length)];
        Advance();
        return value;
    }

    /// <summary>Reads a text of at most a number of UTF-8 bytes.</summary>
    public string Text(int key, int bytesMax)
    {
        Expect(key);
        string value = Reader.ReadText(bytesMax);
        Advance();
        return value;
    }

    /// <summary>Leaves a value to the caller, who reads one item with <see cref="Reader"/> and calls <see cref="Advance"/>.</summary>
    public void Expect(int key)
    {
        if (_next != key)
            Reader.Fail();
    }

    /// <summary>Goes on to the next key.</summary>
    public void Advance() => _next = --_pairs >= 0 && !Reader.Failed ? Reader.ReadKey(_next) : NoKey;

    /// <summary>Skips the fields of later versions, and says whether all was as expected.</summary>
    public bool Finish()
    {
        while (_next != NoKey && !Reader.Failed)
        {
            Reader.Skip();
            Advance();
        }
        return Reader.Finish() && _next == NoKey;
    }
}
