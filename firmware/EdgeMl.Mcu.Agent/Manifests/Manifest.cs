namespace EdgeMl.Mcu.Agent.Manifests;

/// <summary>What a publisher has signed about one model: the fields of a manifest that has been read. Its fields are in their ranges.</summary>
public sealed class Manifest
{
    internal Manifest()
    {
    }

    /// <summary>Name of the model, 1 to 64 characters of A-Z a-z 0-9 - _ . +</summary>
    public string Name { get; internal set; }

    /// <summary>Version for people, 1 to 32 characters as in <see cref="Name"/>; it has no order.</summary>
    public string Version { get; internal set; }

    /// <summary>Security epoch, 0 or more. A device refuses a manifest below its own.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Runtime ABI that the model needs.</summary>
    public int RuntimeAbi { get; internal set; }

    /// <summary>RAM that the model takes beside its file: arena, scratch and packed weights, in bytes.</summary>
    public int RamBytes { get; internal set; }

    /// <summary>Types and shapes of the inputs, on the device.</summary>
    public ManifestTensor[] Inputs { get; internal set; }

    /// <summary>Types and shapes of the outputs, on the device.</summary>
    public ManifestTensor[] Outputs { get; internal set; }

    /// <summary>SHA-256 of the stored model, 32 bytes; of the ciphertext if it is encrypted.</summary>
    public byte[] ModelId { get; internal set; }

    /// <summary>Bytes of the stored model, 1 or more.</summary>
    public int Length { get; internal set; }

    /// <summary>Bytes of a chunk but the last: a power of two from 256 to 4,096.</summary>
    public int ChunkSize { get; internal set; }

    /// <summary>SHA-256 of all chunk hashes one after another, 32 bytes.</summary>
    public byte[] ChunkRoot { get; internal set; }

    /// <summary>Seconds since 1970 from which on the manifest is not to be accepted any more; 0 for never.</summary>
    public long Expires { get; internal set; }

    /// <summary>Nonce of the encryption, 12 bytes; null where the stored model is not encrypted.</summary>
    public byte[] EncryptionNonce { get; internal set; }

    /// <summary>Which model key it is encrypted with, 8 bytes; null where it is not encrypted.</summary>
    public byte[] EncryptionKeyId { get; internal set; }

    /// <summary>Leaf number of the signature under the publisher's key, 0 to 1,023.</summary>
    public int LeafNumber { get; internal set; }

    /// <summary>Where the chunk hashes begin in the manifest blob: bytes of the signed item before them.</summary>
    public int HashesOffset { get; internal set; }

    /// <summary>Whether the stored model is encrypted.</summary>
    public bool IsEncrypted => EncryptionKeyId != null;

    /// <summary>Number of chunks of the stored model.</summary>
    public int ChunkCount => (Length + ChunkSize - 1) / ChunkSize;

    /// <summary>Where the hash of a chunk stands in the manifest blob.</summary>
    /// <param name="index">Chunk, 0 to below <see cref="ChunkCount"/>.</param>
    public int HashOffset(int index)
    {
        return HashesOffset + (index * ManifestFormat.ChunkHashBytes);
    }

    /// <summary>Bytes of a chunk, 1 to <see cref="ChunkSize"/>.</summary>
    /// <param name="index">Chunk, 0 to below <see cref="ChunkCount"/>.</param>
    public int ChunkLength(int index)
    {
        int rest = Length - (index * ChunkSize);
        return rest < ChunkSize ? rest : ChunkSize;
    }

    /// <summary>Gives up what is not needed to fetch the model: names, types and shapes, and the hash of the hashes.</summary>
    internal void Trim()
    {
        Name = null;
        Version = null;
        Inputs = null;
        Outputs = null;
        ChunkRoot = null;
    }
}
