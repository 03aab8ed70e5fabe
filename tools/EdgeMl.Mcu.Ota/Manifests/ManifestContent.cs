using System.Collections.Immutable;
using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Runtime;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>What a manifest is to say about one model. <see cref="Of"/> takes most of it from the model.</summary>
public sealed record ManifestContent
{
    /// <summary>Chunk size in bytes that fits most devices.</summary>
    public const int DefaultChunkSize = 1024;

    private ManifestContent()
    {
    }

    /// <summary>Name of the model, 1 to 64 characters of A-Z a-z 0-9 - _ . +</summary>
    public required string Name { get; init; }

    /// <summary>Version for people, 1 to 32 characters as in <see cref="Name"/>.</summary>
    public required string Version { get; init; }

    /// <summary>Security epoch, 0 or more.</summary>
    public int Epoch { get; init; }

    /// <summary>Runtime ABI that the model needs.</summary>
    public required int RuntimeAbi { get; init; }

    /// <summary>Arena, scratch and packed weights in bytes.</summary>
    public required int RamBytes { get; init; }

    /// <summary>Types and shapes of the inputs.</summary>
    public required ImmutableArray<ManifestTensor> Inputs { get; init; }

    /// <summary>Types and shapes of the outputs.</summary>
    public required ImmutableArray<ManifestTensor> Outputs { get; init; }

    /// <summary>The bytes that devices store: the model's file, or its ciphertext.</summary>
    public required byte[] Stored { get; init; }

    /// <summary>Bytes of a chunk: a power of two from 256 to 4,096.</summary>
    public int ChunkSize { get; init; } = DefaultChunkSize;

    /// <summary>From when on devices are not to accept the manifest any more; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>How <see cref="Stored"/> was encrypted; null where it is the model itself.</summary>
    public EncryptionBlock? Encryption { get; init; }

    /// <summary>Labels for people; devices ignore them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The content for a model.</summary>
    /// <param name="model">The bytes of its .emlm file.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Its version.</param>
    /// <exception cref="OtaException"><c>ota.not-a-model</c>.</exception>
    public static ManifestContent Of(byte[] model, string name, string version)
    {
        Error error = Model.TryLoad(model, out Model loaded);
        if (error != Error.None)
            throw new OtaException(OtaErrorCodes.NotAModel, $"The {model.Length} bytes are no model that the runtime loads: {error} (error {(int)error}).", "Sign an .emlm file; 'edgeml convert' makes one.");
        return new ManifestContent
        {
            Name = name,
            Version = version,
            RuntimeAbi = BitConverter.ToUInt16(model, ModelFormat.Header.AbiOffset),
            RamBytes = loaded.ArenaBytes + loaded.ScratchBytes + loaded.PackedBytes,
            Inputs = [.. Enumerable.Range(0, loaded.InputCount).Select(i => ManifestTensor.Of(loaded.Input(i)))],
            Outputs = [.. Enumerable.Range(0, loaded.OutputCount).Select(i => ManifestTensor.Of(loaded.Output(i)))],
            Stored = model,
        };
    }

    /// <summary>The hashes of the chunks of <see cref="Stored"/>, 16 bytes each, one after another.</summary>
    public byte[] ChunkHashes()
    {
        int count = (Stored.Length + ChunkSize - 1) / ChunkSize;
        byte[] hashes = new byte[count * ManifestFormat.ChunkHashBytes];
        for (int i = 0; i < count; i++)
        {
            int offset = i * ChunkSize;
            byte[] hash = SHA256.HashData(Stored.AsSpan(offset, Math.Min(ChunkSize, Stored.Length - offset)));
            hash.AsSpan(0, ManifestFormat.ChunkHashBytes).CopyTo(hashes.AsSpan(i * ManifestFormat.ChunkHashBytes));
        }
        return hashes;
    }
}
