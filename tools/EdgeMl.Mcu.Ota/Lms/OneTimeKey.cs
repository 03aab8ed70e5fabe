using System.Buffers.Binary;

namespace EdgeMl.Mcu.Ota.Lms;

/// <summary>The LM-OTS keys of one LMS key (RFC 8554, section 4), derived from a seed (appendix A). Not thread-safe.</summary>
internal sealed class OneTimeKey(LmsParameters parameters, byte[] identifier, byte[] seed)
{
    private const int SeedStep = 0xFF;

    private readonly LmsHash _hash = new(parameters, identifier);
    private readonly byte[] _chains = new byte[parameters.Chains * parameters.HashBytes];
    private readonly byte[] _coefficients = new byte[parameters.HashBytes + 2];

    private int StepsMax => (1 << parameters.Width) - 1;

    /// <summary>The public key K of a leaf.</summary>
    public void PublicKey(int leaf, Span<byte> result)
    {
        for (int i = 0; i < parameters.Chains; i++)
            Walk(leaf, i, StepsMax);
        _hash.Compute(leaf, LmsHash.PublicKeyDomain, _chains, result);
    }

    /// <summary>Signs a message with a leaf's key (section 4.5).</summary>
    /// <returns>Type, randomizer and the ends of the chains.</returns>
    public byte[] Sign(int leaf, ReadOnlySpan<byte> message, ReadOnlySpan<byte> randomizer)
    {
        int n = parameters.HashBytes;
        _hash.Message(leaf, randomizer, message, _coefficients);
        BinaryPrimitives.WriteUInt16BigEndian(_coefficients.AsSpan(n), Checksum());
        for (int i = 0; i < parameters.Chains; i++)
            Walk(leaf, i, Coefficient(i));
        byte[] signature = new byte[4 + n + _chains.Length];
        BinaryPrimitives.WriteInt32BigEndian(signature, parameters.OneTimeType);
        randomizer.CopyTo(signature.AsSpan(4));
        _chains.CopyTo(signature.AsSpan(4 + n));
        return signature;
    }

    private void Walk(int leaf, int chain, int steps)
    {
        Span<byte> value = _chains.AsSpan(chain * parameters.HashBytes, parameters.HashBytes);
        _hash.Step(leaf, chain, SeedStep, seed, value);
        for (int step = 0; step < steps; step++)
            _hash.Step(leaf, chain, step, value, value);
    }

    private ushort Checksum()
    {
        int sum = 0;
        for (int i = 0; i < 8 * parameters.HashBytes / parameters.Width; i++)
            sum += StepsMax - Coefficient(i);
        return (ushort)(sum << parameters.ChecksumShift);
    }

    private int Coefficient(int index)
    {
        int bit = index * parameters.Width;
        return (_coefficients[bit >> 3] >> (8 - parameters.Width - (bit & 7))) & StepsMax;
    }
}
