namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>
/// The decisions that the body of a delta is made of, and their contexts. Encoder and decoder call the same methods in the same order: an encoder gives the values,
/// a decoder gives anything and takes what is returned.
/// </summary>
public sealed class DeltaModel
{
    /// <summary>Number of contexts that the coder must have.</summary>
    public const int Contexts = MantissaContext + 16;

    private const int NumberContexts = 33;
    private const int KindContext = 0;
    private const int LengthContext = KindContext + 1;
    private const int DiagonalContext = LengthContext + NumberContexts;
    private const int BlockContext = DiagonalContext + NumberContexts;
    private const int GroupContext = BlockContext + 2;
    private const int ChangeContext = GroupContext + 4;
    private const int ClearContext = ChangeContext + 16;
    private const int SignContext = ClearContext + 2;
    private const int BucketContext = SignContext + 4;
    private const int LiteralContext = BucketContext + 28;
    private const int MantissaContext = LiteralContext + 256;

    private readonly BinaryCoder _coder;
    private int _blocks;
    private int _groups;
    private int _changes;
    private int _cleared;
    private int _sign;
    private int _magnitude;

    /// <summary>Creates the model of a coder with <see cref="Contexts"/> contexts.</summary>
    public DeltaModel(BinaryCoder coder)
    {
        _coder = coder;
    }

    /// <summary>Forgets what went before: the next decision is the first of a body.</summary>
    public void Reset()
    {
        _blocks = 0;
        _groups = 0;
        _changes = 0;
        _cleared = 0;
        _sign = 0;
        _magnitude = 0;
    }

    /// <summary>Whether a segment copies from the base, 1, or is literal, 0.</summary>
    public int IsCopy(int isCopy)
    {
        return _coder.Code(KindContext, isCopy);
    }

    /// <summary>Bytes of a segment, 1 to 2^31 - 1.</summary>
    public int Length(int length)
    {
        return Number(LengthContext, length);
    }

    /// <summary>What a copy's diagonal differs from the last copy's, at most 2^30 - 1 either way.</summary>
    public int Diagonal(int change)
    {
        int number = Number(DiagonalContext, (change < 0 ? -2 * change : 2 * change + 1));
        return (number & 1) == 0 ? -(number >> 1) : number >> 1;
    }

    /// <summary>Whether a byte of a block differs from the base.</summary>
    public int IsBlockChanged(int isChanged)
    {
        return _blocks = _coder.Code(BlockContext + _blocks, isChanged);
    }

    /// <summary>Whether a byte of a group differs from the base.</summary>
    public int IsGroupChanged(int isChanged)
    {
        isChanged = _coder.Code(GroupContext + _groups, isChanged);
        _groups = ((_groups << 1) | isChanged) & 3;
        return isChanged;
    }

    /// <summary>A byte of a copy.</summary>
    /// <param name="position">Its offset in the file.</param>
    /// <param name="original">The base's byte, 0 to 255.</param>
    /// <param name="value">The file's byte, 0 to 255.</param>
    public int Correct(int position, int original, int value)
    {
        int isChanged = _coder.Code(ChangeContext + (_changes << 2) + (position & 3), value != original ? 1 : 0);
        _changes = ((_changes << 1) | isChanged) & 3;
        if (isChanged == 0)
            return original;
        if (original != 0)
        {
            _cleared = _coder.Code(ClearContext + _cleared, value == 0 ? 1 : 0);
            if (_cleared != 0)
                return 0;
        }
        int difference = (value - original) & 0xFF;
        _sign = _coder.Code(SignContext + ((original >> 7) << 1) + _sign, difference >> 7);
        int magnitude = Magnitude(_sign != 0 ? 256 - difference : difference);
        return (_sign != 0 ? original - magnitude : original + magnitude) & 0xFF;
    }

    /// <summary>A byte of a literal, 0 to 255.</summary>
    public int Literal(int value)
    {
        int node = 1;
        for (int shift = 7; shift >= 0; shift--)
            node = (node << 1) | _coder.Code(LiteralContext + node, (value >> shift) & 1);
        return node & 0xFF;
    }

    /// <summary>A difference's size, 1 to 255: its bit length in a context of the last ones, then the bits below the highest.</summary>
    private int Magnitude(int magnitude)
    {
        int context = BucketContext + 7 * (_magnitude < 6 ? 0 : _magnitude < 12 ? 1 : _magnitude < 18 ? 2 : 3);
        int bits = 0;
        while (bits < 7 && _coder.Code(context + bits, magnitude >> (bits + 1) != 0 ? 1 : 0) != 0)
            bits++;
        int decoded = 1;
        for (int shift = bits - 1; shift >= 0; shift--)
            decoded = (decoded << 1) | _coder.Code(MantissaContext + 2 * bits + (decoded == 1 ? 0 : 1), (magnitude >> shift) & 1);
        _magnitude += bits - (_magnitude >> 2);
        return decoded;
    }

    /// <summary>A number, 1 to 2^31 - 1: its bit length, then the bits below the highest.</summary>
    private int Number(int context, int number)
    {
        int bits = 0;
        for (int i = 1; i < 31 && number >> i != 0; i++)
            bits = i;
        int node = 1;
        for (int shift = 4; shift >= 0; shift--)
            node = (node << 1) | _coder.Code(context + node, (bits >> shift) & 1);
        int decoded = 1;
        for (int shift = (node & 31) - 1; shift >= 0; shift--)
            decoded = (decoded << 1) | _coder.Code(context + 32, (number >> shift) & 1);
        return decoded;
    }
}
