using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>
/// Where the parts of a COSE_Sign1 item are (RFC 9052, section 4.2). The item is tagged, its protected header says HSS-LMS and nothing else, its unprotected header
/// is empty. Takes its memory at construction.
/// </summary>
public sealed class SignedItem
{
    /// <summary>Bytes of tag, array and headers, which are the same in each item.</summary>
    internal const int PrefixBytes = 8;

    private const int HeadBytesMax = 3;

    private static readonly byte[] Prefix = { 0xD2, 0x84, 0x44, 0xA1, 0x01, 0x38, 0x2D, 0xA0 };

    private static readonly byte[] SignedPrefix =
    {
        0x84, 0x6A, (byte)'S', (byte)'i', (byte)'g', (byte)'n', (byte)'a', (byte)'t', (byte)'u', (byte)'r', (byte)'e', (byte)'1', 0x44, 0xA1, 0x01, 0x38, 0x2D, 0x40,
    };

    private readonly byte[] _head = new byte[PrefixBytes + HeadBytesMax];
    private readonly CborReader _reader;

    /// <summary>Creates it for no item.</summary>
    public SignedItem()
        : this(new CborReader())
    {
    }

    /// <summary>Creates it for no item, with a reader that others use too between calls.</summary>
    internal SignedItem(CborReader reader)
    {
        _reader = reader;
    }

    /// <summary>Where the payload's head begins, a byte string's.</summary>
    public int PayloadHeadOffset { get; private set; }

    /// <summary>Where the payload begins.</summary>
    public int PayloadOffset { get; private set; }

    /// <summary>Bytes of the payload.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>Where the signature begins.</summary>
    public int SignatureOffset { get; private set; }

    /// <summary>Where the item ends.</summary>
    public int End => SignatureOffset + ManifestFormat.SignatureBytes;

    /// <summary>The first bytes of every item, <see cref="PrefixBytes"/> of them.</summary>
    public static byte[] CopyOfPrefix()
    {
        return (byte[])Prefix.Clone();
    }

    /// <summary>The first bytes of what is signed, <c>["Signature1", protected, h'', payload]</c>: all before the payload's head.</summary>
    public static byte[] CopyOfSignedPrefix()
    {
        return (byte[])SignedPrefix.Clone();
    }

    /// <summary>Verifies the signature of the item that was read last.</summary>
    /// <param name="source">Holds the item.</param>
    /// <param name="verifier">Verifies; its hash takes all that is signed.</param>
    /// <param name="publicKey">Public key, <see cref="ManifestFormat.PublicKeyBytes"/> bytes.</param>
    /// <param name="buffer">Used to read a piece at a time; any length from 1 on.</param>
    /// <returns><see cref="AgentError.Signature"/>, <see cref="AgentError.Storage"/> or <see cref="AgentError.None"/>.</returns>
    public AgentError Verify(ByteSource source, HssVerifier verifier, byte[] publicKey, byte[] buffer)
    {
        if (!verifier.Begin(publicKey, 0, publicKey.Length, source, SignatureOffset, ManifestFormat.SignatureBytes))
            return AgentError.Signature;
        verifier.Message.Append(SignedPrefix, 0, SignedPrefix.Length);
        int end = PayloadOffset + PayloadLength;
        if (!SourceHash.Append(verifier.Message, source, PayloadHeadOffset, end - PayloadHeadOffset, buffer))
            return AgentError.Storage;
        return verifier.Finish() ? AgentError.None : AgentError.Signature;
    }

    /// <summary>Finds the parts of an item.</summary>
    /// <param name="source">Holds the item.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where the bytes end that may belong to it.</param>
    /// <returns>
    /// <see cref="AgentError.ManifestFormat"/>, <see cref="AgentError.SignatureMissing"/>, <see cref="AgentError.SignatureLength"/>,
    /// <see cref="AgentError.Storage"/>, or <see cref="AgentError.None"/>: all parts are there.
    /// </returns>
    public AgentError Read(ByteSource source, int start, int end)
    {
        if (end - start < _head.Length)
            return AgentError.ManifestFormat;
        if (!source.Read(start, _head, 0, _head.Length))
            return AgentError.Storage;
        for (int i = 0; i < PrefixBytes; i++)
        {
            if (_head[i] != Prefix[i])
                return AgentError.ManifestFormat;
        }
        PayloadHeadOffset = start + PrefixBytes;
        long length = ReadHead(PrefixBytes, HeadBytesMax);
        PayloadOffset = PayloadHeadOffset + _reader.Position - PrefixBytes;
        if (length < 1 || length > ManifestFormat.MaxPayloadBytes || length > end - PayloadOffset)
            return AgentError.ManifestFormat;
        PayloadLength = (int)length;
        return ReadSignature(source, PayloadOffset + PayloadLength, end);
    }

    private AgentError ReadSignature(ByteSource source, int at, int end)
    {
        int count = end - at < HeadBytesMax ? end - at : HeadBytesMax;
        if (!source.Read(at, _head, 0, count))
            return AgentError.Storage;
        long length = ReadHead(0, count);
        if (length < 0)
            return AgentError.ManifestFormat;
        SignatureOffset = at + _reader.Position;
        if (length == 0)
            return AgentError.SignatureMissing;
        return length != ManifestFormat.SignatureBytes || length > end - SignatureOffset ? AgentError.SignatureLength : AgentError.None;
    }

    /// <summary>Length that a byte string's head says, or -1. What it is the head of need not be in the buffer.</summary>
    private long ReadHead(int offset, int count)
    {
        _reader.Reset(_head, offset, count);
        return _reader.ReadBytesHead();
    }
}
