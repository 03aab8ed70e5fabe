using EdgeMl.Mcu.Agent.Cbor;

namespace EdgeMl.Mcu.Relay.Messages;

/// <summary>A device's request: chunks First + i for each bit i of Mask.</summary>
internal readonly record struct ChunkRequest(BlobName Blob, int First, uint Mask)
{
    /// <summary>Reads a message.</summary>
    /// <returns>Null if it is not what the protocol says.</returns>
    public static ChunkRequest? Read(ReadOnlySpan<byte> payload)
    {
        byte[] data = payload.ToArray();
        var reader = new CborReader();
        reader.Reset(data, 0, data.Length);
        if (reader.ReadArray() != 3)
            reader.Fail();
        reader.ReadBytes(BlobName.Bytes);
        int blob = reader.DataOffset;
        long first = reader.ReadInteger();
        long mask = reader.ReadInteger();
        bool isValid = reader.Finish() && first is >= 0 and <= int.MaxValue - 32 && mask is > 0 and <= uint.MaxValue;
        return isValid ? new ChunkRequest(BlobName.Of(data.AsSpan(blob)), (int)first, (uint)mask) : null;
    }
}
