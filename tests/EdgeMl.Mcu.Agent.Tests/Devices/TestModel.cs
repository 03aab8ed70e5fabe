using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota.Delta;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Agent.Tests.Devices;

/// <summary>A model as a publisher releases it: its stored bytes and a signed manifest.</summary>
internal sealed class TestModel
{
    private static readonly Lazy<LmsPrivateKey> FirstKey = new(() => Derive("publisher"));
    private static readonly Lazy<LmsPrivateKey> SecondKey = new(() => Derive("second"));
    private static readonly Lazy<TestModel> FirstModel = new(() => new TestModel(Compile(3), "1"));
    private static readonly Lazy<TestModel> SecondModel = new(() => new TestModel(Compile(4), "2"));
    private static readonly Lazy<TestModel> ThirdModel = new(() => new TestModel(Compile(5), "3"));

    private static readonly Lazy<TestModel> LargeModel = new(() => new TestModel(CompiledModels.Get("digits_mlp").Bytes, "large"));

    /// <summary>Signs and remembers a model.</summary>
    public TestModel(byte[] stored, string version, Func<ManifestContent, ManifestContent>? change = null, LmsPrivateKey? key = null, byte[]? plain = null)
    {
        Stored = stored;
        ManifestContent content = ManifestContent.Of(plain ?? stored, "trees", version) with { ChunkSize = 256, Stored = stored };
        Manifest = ManifestBuilder.Build(change?.Invoke(content) ?? content, Sign(key ?? Key));
        Id = SHA256.HashData(Manifest);
    }

    /// <summary>A model whose manifest is given as bytes.</summary>
    public TestModel(byte[] stored, byte[] manifest) => (Stored, Manifest, Id) = (stored, manifest, SHA256.HashData(manifest));

    /// <summary>The publisher's key.</summary>
    public static LmsPrivateKey Key => FirstKey.Value;

    /// <summary>The publisher's next key.</summary>
    public static LmsPrivateKey NextKey => SecondKey.Value;

    public static TestModel First => FirstModel.Value;

    public static TestModel Second => SecondModel.Value;

    public static TestModel Third => ThirdModel.Value;

    /// <summary>A model of many chunks.</summary>
    public static TestModel Large => LargeModel.Value;

    /// <summary>What devices store.</summary>
    public byte[] Stored { get; }

    /// <summary>Manifest blob.</summary>
    public byte[] Manifest { get; }

    /// <summary>SHA-256 of the manifest blob.</summary>
    public byte[] Id { get; }

    /// <summary>A small model with a self-test; the same one for the same seed.</summary>
    public static byte[] Compile(int seed) => EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(seed))).Bytes;

    /// <summary>A model that loads, but whose self-test gives something else.</summary>
    public static byte[] WithWrongSelfTest(byte[] model)
    {
        byte[] changed = [.. model];
        int outputs = BitConverter.ToInt32(changed, ModelFormat.Header.SelfTestOffset) + ModelFormat.SelfTestRecord.OutputsOffset;
        changed[outputs] ^= 1;
        uint checksum = Crc32.Compute(changed, 0, changed.Length - 4);
        BitConverter.TryWriteBytes(changed.AsSpan(changed.Length - 4), checksum);
        return changed;
    }

    /// <summary>The delta from another model.</summary>
    public byte[] DeltaFrom(TestModel original) => DeltaEncoder.Encode(original.Stored, Stored);

    /// <summary>A model encrypted under a key.</summary>
    public static TestModel Encrypted(byte[] plain, byte[] key, string version)
    {
        byte[] nonce = SHA256.HashData(plain)[..ManifestFormat.EncryptionNonceBytes];
        byte[] stored = Ota.Encryption.ModelEncryption.Encrypt(plain, key, nonce);
        return new TestModel(stored, version, content => content with { Encryption = new EncryptionBlock(nonce, SHA256.HashData(key)[..ManifestFormat.KeyIdBytes]) }, plain: plain);
    }

    /// <summary>Signs with a leaf that follows from the message: tests sign few messages, and the same ones again.</summary>
    public static Func<byte[], byte[]> Sign(LmsPrivateKey key) =>
        message => key.HssSign(BitConverter.ToUInt16(SHA256.HashData(message), 0) % ManifestFormat.LeafCount, message, SHA256.HashData(message).AsSpan(0, 24));

    private static LmsPrivateKey Derive(string name) =>
        LmsPrivateKey.Derive(LmsParameters.Product, SHA256.HashData([1, .. name.Select(c => (byte)c)]).AsSpan(0, 16), SHA256.HashData([2, .. name.Select(c => (byte)c)]).AsSpan(0, 24));
}
