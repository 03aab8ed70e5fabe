using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>A blob as an order names it. Hashes: those of its chunks, 16 bytes each; null for a blob that is one chunk.</summary>
internal sealed record BlobDescription(byte[] Id, int Length, int ChunkSize, byte[]? Hashes);

/// <summary>The body of <c>desired</c>.</summary>
internal sealed record DesiredBody
{
    private const int FieldsBytesMax = 512;

    public required byte[] Nonce { get; init; }

    public required long Seq { get; init; }

    public required byte[] Challenge { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>0 for no order.</summary>
    public long Attempt { get; init; }

    /// <summary>What to run; null: keep what runs.</summary>
    public BlobDescription? Manifest { get; init; }

    public (byte[] Base, BlobDescription Blob)? Delta { get; init; }

    public byte[]? WrappedKey { get; init; }

    public byte[]? Rotation { get; init; }

    public bool IsRollback { get; init; }

    /// <summary>The encoding.</summary>
    public byte[] Write()
    {
        byte[] buffer = new byte[FieldsBytesMax + (Manifest?.Hashes?.Length ?? 0) + (Delta?.Blob.Hashes?.Length ?? 0) + (Rotation?.Length ?? 0)];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        writer.WriteMap(6 + (Delta is null ? 0 : 1) + (WrappedKey is null ? 0 : 1) + (Rotation is null ? 0 : 1) + (IsRollback ? 1 : 0));
        WriteBytes(writer, 0, Nonce);
        WriteInteger(writer, 1, Seq);
        WriteBytes(writer, 2, Challenge);
        WriteInteger(writer, 3, Time);
        WriteInteger(writer, 4, Attempt);
        writer.WriteInteger(5);
        if (Manifest is null)
            writer.WriteNull();
        else
            WriteBlob(writer, Manifest);
        if (Delta is { } delta)
        {
            writer.WriteInteger(6);
            writer.WriteMap(2);
            WriteBytes(writer, 0, delta.Base);
            writer.WriteInteger(1);
            WriteBlob(writer, delta.Blob);
        }
        if (WrappedKey is not null)
            WriteBytes(writer, 7, WrappedKey);
        if (Rotation is not null)
            WriteBytes(writer, 8, Rotation);
        if (IsRollback)
        {
            writer.WriteInteger(9);
            writer.WriteBool(true);
        }
        return writer.Failed ? throw new RelayException(RelayErrorCodes.Internal, "An order did not fit its buffer.", statusCode: 500) : buffer[..writer.Length];
    }

    private static void WriteBlob(CborWriter writer, BlobDescription blob)
    {
        writer.WriteMap(blob.Hashes is null ? 3 : 4);
        WriteBytes(writer, 0, blob.Id);
        WriteInteger(writer, 1, blob.Length);
        WriteInteger(writer, 2, blob.ChunkSize);
        if (blob.Hashes is not null)
            WriteBytes(writer, 3, blob.Hashes);
    }

    private static void WriteBytes(CborWriter writer, int key, byte[] value)
    {
        writer.WriteInteger(key);
        writer.WriteBytes(value, 0, value.Length);
    }

    private static void WriteInteger(CborWriter writer, int key, long value)
    {
        writer.WriteInteger(key);
        writer.WriteInteger(value);
    }
}
