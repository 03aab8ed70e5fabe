using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Relay.Registry;

/// <summary>The hashes that an order gives of a blob's chunks.</summary>
internal static class ChunkHashes
{
    /// <summary>First bytes of the SHA-256 of each chunk, one after another; null for a blob of one chunk, whose hash is its id.</summary>
    public static byte[]? Of(byte[] blob, int chunkBytes)
    {
        int count = (blob.Length + chunkBytes - 1) / chunkBytes;
        if (count == 1)
            return null;
        byte[] hashes = new byte[count * ManifestFormat.ChunkHashBytes];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> chunk = blob.AsSpan(i * chunkBytes, Math.Min(chunkBytes, blob.Length - (i * chunkBytes)));
            SHA256.HashData(chunk).AsSpan(0, ManifestFormat.ChunkHashBytes).CopyTo(hashes.AsSpan(i * ManifestFormat.ChunkHashBytes));
        }
        return hashes;
    }
}
