using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeMl.Mcu.Bench.Tests.Flash;

/// <summary>A model and its manifest blob: length, block size, epoch, SHA-256 of the model, then the first 16 bytes of each block's SHA-256.</summary>
internal sealed class StoredModel
{
    public const int HeadBytes = 44;

    public StoredModel(int seed, int length, int blockBytes, int epoch, bool passesSelfTest = true)
    {
        Model = new byte[length];
        new Random(seed).NextBytes(Model);
        BlockBytes = blockBytes;
        Epoch = epoch;
        PassesSelfTest = passesSelfTest;
        Manifest = [.. BitConverter.GetBytes(length), .. BitConverter.GetBytes(blockBytes), .. BitConverter.GetBytes(epoch), .. SHA256.HashData(Model), .. Model.Chunk(blockBytes).SelectMany(HashOf)];
        Id = SHA256.HashData(Manifest);
    }

    public byte[] Model { get; }

    public byte[] Manifest { get; }

    public byte[] Id { get; }

    public int BlockBytes { get; }

    public int Epoch { get; }

    public bool PassesSelfTest { get; }

    public static byte[] HashOf(byte[] block) => SHA256.HashData(block)[..16];

    /// <summary>Whether a manifest blob and a model are whole and belong together, judged from their bytes alone.</summary>
    public static bool IsWhole(byte[]? manifest, byte[]? model, byte[] id) =>
        manifest is { Length: >= HeadBytes } && model is not null
        && SHA256.HashData(manifest).AsSpan().SequenceEqual(id)
        && BinaryPrimitives.ReadInt32LittleEndian(manifest) == model.Length
        && SHA256.HashData(model).AsSpan().SequenceEqual(manifest.AsSpan(12, 32));
}
