using System;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Crypto;

/// <summary>The public key that a one-time signature of LM-OTS gives for a message (RFC 8554, algorithm 4b).</summary>
internal sealed class OneTimeVerifier
{
    private const int IdentifierBytes = 16;
    private const int ChainOffset = IdentifierBytes + 4;
    private const int StepOffset = ChainOffset + 2;
    private const int ValueOffset = StepOffset + 1;
    private const int PublicKeyDomain = 0x8080;

    private readonly LmsParameterSet _set;
    private readonly Sha256 _hash;

    /// <summary>The one block that a step of a chain hashes: I, q, the chain, the step, a value; and its padding.</summary>
    private readonly byte[] _block = new byte[Sha256.BlockBytes];

    private readonly uint[] _state = new uint[8];

    /// <summary>The message's hash and its checksum.</summary>
    private readonly byte[] _digits = new byte[Sha256.DigestBytes + 2];

    /// <summary>Creates a verifier that works with the parameters and the hash of another.</summary>
    internal OneTimeVerifier(LmsParameterSet set, Sha256 hash)
    {
        _set = set;
        _hash = hash;
    }

    /// <summary>Computes the candidate. Uses the hash.</summary>
    /// <param name="identifier">Begins with the 16 bytes of I.</param>
    /// <param name="leaf">Number of the leaf: q.</param>
    /// <param name="signature">Holds the ends of the chains.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="value">Holds the message's hash, takes the candidate.</param>
    /// <returns>Whether the source could be read.</returns>
    internal bool Candidate(byte[] identifier, int leaf, ByteSource signature, int offset, byte[] value)
    {
        int hashBytes = _set.HashBytes;
        SetDigits(value);
        Prepare(identifier, leaf);
        SetChain(PublicKeyDomain);
        _hash.Append(_block, 0, StepOffset);
        for (int i = 0; i < _set.Chains; i++)
        {
            if (!signature.Read(offset, _block, ValueOffset, hashBytes))
                return false;
            offset += hashBytes;
            SetChain(i);
            Walk(Digit(i));
            _hash.Append(_block, ValueOffset, hashBytes);
        }
        _hash.Finish(value, 0);
        return true;
    }

    private void SetDigits(byte[] messageHash)
    {
        Array.Copy(messageHash, 0, _digits, 0, _set.HashBytes);
        int max = (1 << _set.Width) - 1;
        int sum = 0;
        for (int i = 0; i < _set.Digits; i++)
            sum += max - Digit(i);
        sum <<= _set.ChecksumShift;
        _digits[_set.HashBytes] = (byte)(sum >> 8);
        _digits[_set.HashBytes + 1] = (byte)sum;
    }

    private int Digit(int index)
    {
        int bit = index * _set.Width;
        return (_digits[bit >> 3] >> (8 - _set.Width - (bit & 7))) & ((1 << _set.Width) - 1);
    }

    private void Prepare(byte[] identifier, int leaf)
    {
        int end = ValueOffset + _set.HashBytes;
        Array.Copy(identifier, 0, _block, 0, IdentifierBytes);
        BigEndian.Write((uint)leaf, _block, IdentifierBytes);
        Array.Clear(_block, end, Sha256.BlockBytes - end);
        _block[end] = 0x80;
        _block[Sha256.BlockBytes - 2] = (byte)(end >> 5);
        _block[Sha256.BlockBytes - 1] = (byte)(end << 3);
    }

    private void SetChain(int index)
    {
        _block[ChainOffset] = (byte)(index >> 8);
        _block[ChainOffset + 1] = (byte)index;
    }

    /// <summary>Takes the value in the block from a step of its chain to the last.</summary>
    private void Walk(int step)
    {
        byte[] block = _block;
        uint[] state = _state;
        int steps = (1 << _set.Width) - 1;
        int words = _set.HashBytes >> 2;
        for (; step < steps; step++)
        {
            block[StepOffset] = (byte)step;
            Sha256Block.Start(state);
            Sha256Block.Compress(state, block, 0);
            for (int i = 0; i < words; i++)
                BigEndian.Write(state[i], block, ValueOffset + (i << 2));
        }
    }
}
