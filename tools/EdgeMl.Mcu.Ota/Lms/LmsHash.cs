using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeMl.Mcu.Ota.Lms;

/// <summary>The hash inputs of RFC 8554 for one key: I, a number, a two-byte constant or index, and what follows. Not thread-safe.</summary>
internal sealed class LmsHash
{
    public const ushort PublicKeyDomain = 0x8080;
    public const ushort MessageDomain = 0x8181;
    public const ushort LeafDomain = 0x8282;
    public const ushort NodeDomain = 0x8383;

    private const int IdentifierBytes = LmsPrivateKey.IdentifierBytes;
    private const int PrefixBytes = IdentifierBytes + 6;

    private readonly byte[] _input;
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private readonly int _hashBytes;

    public LmsHash(LmsParameters parameters, ReadOnlySpan<byte> identifier)
    {
        _hashBytes = parameters.HashBytes;
        _input = new byte[PrefixBytes + (_hashBytes * Math.Max(2, parameters.Chains))];
        identifier.CopyTo(_input);
    }

    /// <summary>Hash of I, a number, a constant and some hash values.</summary>
    public void Compute(int number, ushort domain, ReadOnlySpan<byte> tail, Span<byte> result)
    {
        Prefix(number, domain);
        tail.CopyTo(_input.AsSpan(PrefixBytes));
        Finish(PrefixBytes + tail.Length, result);
    }

    /// <summary>Hash of I, a leaf, a chain's index, a byte and one hash value.</summary>
    public void Step(int leaf, int chain, int step, ReadOnlySpan<byte> value, Span<byte> result)
    {
        Prefix(leaf, (ushort)chain);
        _input[PrefixBytes] = (byte)step;
        value.CopyTo(_input.AsSpan(PrefixBytes + 1));
        Finish(PrefixBytes + 1 + _hashBytes, result);
    }

    /// <summary>Q of section 4.5: the message's hash under a randomizer.</summary>
    public void Message(int leaf, ReadOnlySpan<byte> randomizer, ReadOnlySpan<byte> message, Span<byte> result)
    {
        Prefix(leaf, MessageDomain);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_input.AsSpan(0, PrefixBytes));
        hash.AppendData(randomizer);
        hash.AppendData(message);
        hash.GetHashAndReset(_digest);
        _digest.AsSpan(0, _hashBytes).CopyTo(result);
    }

    private void Prefix(int number, ushort domain)
    {
        BinaryPrimitives.WriteInt32BigEndian(_input.AsSpan(IdentifierBytes), number);
        BinaryPrimitives.WriteUInt16BigEndian(_input.AsSpan(IdentifierBytes + 4), domain);
    }

    private void Finish(int length, Span<byte> result)
    {
        SHA256.HashData(_input.AsSpan(0, length), _digest);
        _digest.AsSpan(0, _hashBytes).CopyTo(result);
    }
}
