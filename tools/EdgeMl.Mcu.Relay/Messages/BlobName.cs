using System.Buffers.Binary;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>The first 16 bytes of a blob's SHA-256: its name in topics and requests.</summary>
internal readonly record struct BlobName(ulong High, ulong Low)
{
    /// <summary>Bytes of a name.</summary>
    public const int Bytes = 16;

    /// <summary>The name of a blob.</summary>
    /// <param name="id">Its hash, or the first 16 bytes of it.</param>
    public static BlobName Of(ReadOnlySpan<byte> id) => new(BinaryPrimitives.ReadUInt64BigEndian(id), BinaryPrimitives.ReadUInt64BigEndian(id[8..]));

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
