using EdgeMl.Mcu.Agent.Cbor;
using EdgeMl.Mcu.Ota.Manifests;

namespace EdgeMl.Mcu.Ota.Tests.Manifests;

/// <summary>Payloads that the builder does not make, signed all the same.</summary>
internal static class ManifestPayload
{
    /// <summary>The encoded values of a good manifest by key, to be changed.</summary>
    public static SortedDictionary<int, byte[]> Fields(byte[] blob)
    {
        (int offset, int count) = Range(blob);
        var reader = new CborReader();
        reader.Reset(blob, offset, count);
        var fields = new SortedDictionary<int, byte[]>();
        int key = -1;
        for (int pairs = reader.ReadMap(); pairs > 0; pairs--)
        {
            key = reader.ReadKey(key);
            int start = reader.Position;
            reader.Skip();
            fields[key] = blob[start..reader.Position];
        }
        return fields;
    }

    /// <summary>A payload of encoded values.</summary>
    public static byte[] Of(SortedDictionary<int, byte[]> fields) => Encode(writer =>
    {
        writer.WriteMap(fields.Count);
        foreach ((int key, byte[] value) in fields)
        {
            writer.WriteInteger(key);
            writer.WriteEncoded(value, 0, value.Length);
        }
    });

    /// <summary>A signed blob of any payload, with the hashes of a good one behind it.</summary>
    public static byte[] Sign(byte[] payload, TestSigner signer, int leaf, byte[] hashes) =>
        [.. SignedItemWriter.Item(payload, signer.With(leaf)(SignedItemWriter.SignedBytes(payload))), .. hashes];

    /// <summary>The CBOR that an action writes.</summary>
    public static byte[] Encode(Action<CborWriter> write)
    {
        byte[] buffer = new byte[8192];
        var writer = new CborWriter();
        writer.Reset(buffer, 0, buffer.Length);
        write(writer);
        Assert.False(writer.Failed);
        return buffer[..writer.Length];
    }

    /// <summary>Where the payload of a blob is.</summary>
    public static (int Offset, int Count) Range(byte[] blob)
    {
        var item = new Agent.Manifests.SignedItem();
        item.Read(new Agent.MemorySource(blob), 0, blob.Length);
        return (item.PayloadOffset, item.PayloadLength);
    }
}
