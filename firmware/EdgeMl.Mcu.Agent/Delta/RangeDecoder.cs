using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>Decodes the decisions of a delta's body. Never fails on what the body holds; whether it could be read says <see cref="IsIntact"/>.</summary>
public sealed class RangeDecoder : BinaryCoder
{
    private const int WindowBytes = 64;

    private readonly byte[] _window = new byte[WindowBytes];
    private ByteSource _source;
    private int _next;
    private int _end;
    private int _index;
    private int _filled;
    private uint _range;
    private uint _code;

    /// <summary>Creates a decoder; all memory that it needs.</summary>
    public RangeDecoder(int contexts)
        : base(contexts)
    {
    }

    /// <summary>Bytes of the source that come next; free for others before <see cref="Begin"/>.</summary>
    internal byte[] Window => _window;

    /// <summary>False once the source could not be read. Decisions from then on mean nothing.</summary>
    public bool IsIntact { get; private set; }

    /// <summary>Begins with the bytes from <paramref name="offset"/> up to <paramref name="end"/>.</summary>
    public void Begin(ByteSource source, int offset, int end)
    {
        Forget();
        _source = source;
        _next = offset;
        _end = end;
        _index = 0;
        _filled = 0;
        IsIntact = true;
        _range = uint.MaxValue;
        _code = 0;
        for (int i = 0; i < 4; i++)
            _code = (_code << 8) | (uint)NextByte();
    }

    /// <inheritdoc/>
    public override int Code(int context, int bit)
    {
        uint bound = (_range >> ProbabilityBits) * (uint)Probability(context);
        if (_code < bound)
        {
            _range = bound;
            bit = 1;
        }
        else
        {
            _code -= bound;
            _range -= bound;
            bit = 0;
        }
        while (_range < RangeMin)
        {
            _range <<= 8;
            _code = (_code << 8) | (uint)NextByte();
        }
        Learn(context, bit);
        return bit;
    }

    /// <summary>The next byte of the body, 0 after its end.</summary>
    private int NextByte()
    {
        if (_index == _filled)
        {
            int count = _end - _next < WindowBytes ? _end - _next : WindowBytes;
            if (count == 0 || !IsIntact)
                return 0;
            if (!_source.Read(_next, _window, 0, count))
            {
                IsIntact = false;
                return 0;
            }
            _next += count;
            _filled = count;
            _index = 0;
        }
        return _window[_index++];
    }
}
