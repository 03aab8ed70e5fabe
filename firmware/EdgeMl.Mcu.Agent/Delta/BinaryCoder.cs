namespace EdgeMl.Mcu.Agent.Delta;

/// <summary>
/// Adaptive binary arithmetic coding, as in G. N. N. Martin, "Range encoding", 1979, with carries: one decision at a time, each in a context that learns how
/// often it is 1. Encoder and decoder are subclasses, so that <see cref="DeltaModel"/> describes the coded data once for both.
/// </summary>
public abstract class BinaryCoder
{
    /// <summary>A range below this is widened by a byte.</summary>
    protected const uint RangeMin = 1 << 24;

    /// <summary>Number of bits of a probability as the range is divided by it.</summary>
    protected const int ProbabilityBits = 12;

    private const int CountBits = 7;
    private const int CountMask = (1 << CountBits) - 1;
    private const int CountMax = 96;
    private const int One = 1 << 20;
    private const int Start = (One / 2) << CountBits;

    // The probability of 1 in 1/2^20, and in the low bits how many decisions it comes from.
    private readonly int[] _states;

    /// <summary>Creates a coder whose contexts are numbered from 0.</summary>
    protected BinaryCoder(int contexts)
    {
        _states = new int[contexts];
        Forget();
    }

    /// <summary>Codes one decision: an encoder writes <paramref name="bit"/>, a decoder ignores it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="bit">0 or 1.</param>
    /// <returns>The decision, 0 or 1.</returns>
    public abstract int Code(int context, int bit);

    /// <summary>Forgets all that the contexts learned.</summary>
    protected void Forget()
    {
        for (int i = 0; i < _states.Length; i++)
            _states[i] = Start;
    }

    /// <summary>Probability of a 1 in units of 1/2^<see cref="ProbabilityBits"/>; neither impossible nor certain.</summary>
    protected int Probability(int context)
    {
        return (_states[context] >> (CountBits + 20 - ProbabilityBits)) | 1;
    }

    /// <summary>Learns a decision: the first ones of a context count most.</summary>
    protected void Learn(int context, int bit)
    {
        int state = _states[context];
        int count = state & CountMask;
        int probability = state >> CountBits;
        int rest = bit != 0 ? One - probability : -probability;
        probability += 2 * rest / (2 * count + 3);
        if (count < CountMax)
            count++;
        _states[context] = (probability << CountBits) | count;
    }
}
