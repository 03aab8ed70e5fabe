using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Storage;

namespace EdgeMl.Mcu.Agent.Tests.Storage;

/// <summary>Bytes of a model; its manifest is their SHA-256, and its id the manifest's.</summary>
internal sealed class TestModel
{
    public TestModel(int seed, int length = 300)
    {
        Bytes = new byte[length];
        new Random(seed).NextBytes(Bytes);
        Manifest = SHA256.HashData(Bytes);
        Id = SHA256.HashData(Manifest);
    }

    public byte[] Bytes { get; }

    public byte[] Manifest { get; }

    public byte[] Id { get; }

    public static SlotCheck Check { get; } = new HashCheck();

    public static byte[] Read(FileStore store, int file)
    {
        var source = new FileSource(store, file);
        byte[] bytes = new byte[source.Length];
        return bytes.Length == 0 || source.Read(0, bytes, 0, bytes.Length) ? bytes : [];
    }

    public bool IsIn(FileStore store, Slot slot) =>
        Read(store, Slots.ModelFile(slot)).AsSpan().SequenceEqual(Bytes) && Read(store, Slots.ManifestFile(slot)).AsSpan().SequenceEqual(Manifest);

    private sealed class HashCheck : SlotCheck
    {
        public override bool IsWhole(FileStore store, Slot slot, byte[] manifestId)
        {
            byte[] manifest = Read(store, Slots.ManifestFile(slot));
            return SHA256.HashData(manifest).AsSpan().SequenceEqual(manifestId) && SHA256.HashData(Read(store, Slots.ModelFile(slot))).AsSpan().SequenceEqual(manifest);
        }
    }
}
