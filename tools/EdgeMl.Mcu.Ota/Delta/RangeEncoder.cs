using EdgeMl.Mcu.Agent.Delta;

namespace EdgeMl.Mcu.Ota.Delta;

/// <summary>Writes the decisions that <see cref="RangeDecoder"/> reads.</summary>
internal sealed class RangeEncoder(int contexts) : BinaryCoder(contexts)
{
    private readonly List<byte> _bytes = [];
    private ulong _low;
    private uint _range = uint.MaxValue;

    // The last byte that a carry can still change, and how many 0xFF follow it.
    private int _pending = -1;
    private int _ones;

    /// <inheritdoc/>
    public override int Code(int context, int bit)
    {
        uint bound = (_range >> ProbabilityBits) * (uint)Probability(context);
        if (bit != 0)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }
        while (_range < RangeMin)
        {
            _range <<= 8;
            Shift();
        }
        Learn(context, bit);
        return bit;
    }

    /// <summary>Ends the decisions. The decoder takes bytes after the end as 0, so that zeros at the end are left out.</summary>
    public byte[] Finish()
    {
        ulong value = _low;
        for (ulong mask = uint.MaxValue; mask != 0; mask >>= 1)
        {
            value = (_low + mask) & ~mask;
            if (value < _low + _range)
                break;
        }
        _low = value;
        for (int i = 0; i < 5; i++)
            Shift();
        int count = _bytes.FindLastIndex(each => each != 0) + 1;
        return [.. _bytes.Take(count)];
    }

    private void Shift()
    {
        int top = (int)(_low >> 24);
        if (top != 0xFF)
        {
            if (_pending >= 0)
                _bytes.Add((byte)(_pending + (top >> 8)));
            for (; _ones > 0; _ones--)
                _bytes.Add((byte)(0xFF + (top >> 8)));
            _pending = top & 0xFF;
        }
        else
        {
            _ones++;
        }
        _low = (_low & 0xFFFFFF) << 8;
    }
}
