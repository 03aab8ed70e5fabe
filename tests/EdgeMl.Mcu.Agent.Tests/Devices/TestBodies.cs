using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>Bodies of downlink messages, and chunks.</summary>
internal static class TestBodies
{
    public static byte[] Encode(Action<CborWriter> write)
    {
        var buffer = new byte[16_384];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        write(writer);
        Assert.False(writer.Failed);
        return buffer[..writer.Length];
    }

    public static byte[] Chunk(int index, byte[] data) => Encode(writer =>
    {
        writer.WriteArray(2);
        writer.WriteInteger(index);
        writer.WriteBytes(data, 0, data.Length);
    });

    public static byte[] Acknowledgement(byte[] nonce, long sequence, long status, long result) => Encode(writer =>
    {
        writer.WriteMap(4);
        Begin(writer, nonce, sequence);
        writer.WriteInteger(2);
        writer.WriteInteger(status);
        writer.WriteInteger(3);
        writer.WriteInteger(result);
    });

    public static byte[] Desired(TestOrder order, byte[] nonce, long sequence, byte[] challenge, int attempt) => Encode(writer =>
    {
        int optional = new object?[] { order.Delta, order.WrappedKey, order.Policy }.Count(value => value is not null) + (order.Rotations.Length > 0 ? 1 : 0) + (order.IsRollback ? 1 : 0);
        writer.WriteMap(6 + optional);
        Begin(writer, nonce, sequence);
        writer.WriteInteger(2);
        writer.WriteBytes(challenge, 0, challenge.Length);
        writer.WriteInteger(3);
        writer.WriteInteger(order.Time);
        writer.WriteInteger(4);
        writer.WriteInteger(attempt);
        writer.WriteInteger(5);
        if (order.Model is { } model)
            WriteBlob(writer, model.Manifest, order.ChunkSize);
        else
            writer.WriteNull();
        if (order.Delta is { } delta)
        {
            writer.WriteInteger(6);
            writer.WriteMap(2);
            writer.WriteInteger(0);
            writer.WriteBytes(delta.Base.Id, 0, 32);
            writer.WriteInteger(1);
            WriteBlob(writer, delta.Delta, order.ChunkSize);
        }
        if (order.WrappedKey is { } key)
        {
            writer.WriteInteger(7);
            writer.WriteBytes(key, 0, key.Length);
        }
        if (order.Rotations.Length > 0)
        {
            writer.WriteInteger(8);
            byte[] rotation = Assert.Single(order.Rotations);
            writer.WriteBytes(rotation, 0, rotation.Length);
        }
        if (order.IsRollback)
        {
            writer.WriteInteger(9);
            writer.WriteBool(true);
        }
        if (order.Policy is { } policy)
        {
            writer.WriteInteger(10);
            writer.WriteEncoded(policy, 0, policy.Length);
        }
    });

    /// <summary>Sequence number of a result's record.</summary>
    public static long SequenceOf(byte[] record)
    {
        var reader = new CborReader();
        reader.Reset(record, 0, record.Length);
        Assert.InRange(reader.ReadArray(), 4, 5);
        long sequence = reader.ReadInteger();
        Assert.False(reader.Failed);
        return sequence;
    }

    private static void Begin(CborWriter writer, byte[] nonce, long sequence)
    {
        writer.WriteInteger(0);
        writer.WriteBytes(nonce, 0, nonce.Length);
        writer.WriteInteger(1);
        writer.WriteInteger(sequence);
    }

    private static void WriteBlob(CborWriter writer, byte[] blob, int chunkSize)
    {
        byte[] hashes = [.. blob.Chunk(chunkSize).SelectMany(chunk => SHA256.HashData(chunk)[..ManifestFormat.ChunkHashBytes])];
        writer.WriteMap(4);
        writer.WriteInteger(0);
        writer.WriteBytes(SHA256.HashData(blob), 0, 32);
        writer.WriteInteger(1);
        writer.WriteInteger(blob.Length);
        writer.WriteInteger(2);
        writer.WriteInteger(chunkSize);
        writer.WriteInteger(3);
        writer.WriteBytes(hashes, 0, hashes.Length);
    }
}
