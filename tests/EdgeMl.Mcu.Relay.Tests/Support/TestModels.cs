using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Ota.Lms;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Runtime.Format;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Relay.Tests.Support;

/// <summary>A model with its manifest, as a publisher hands it in.</summary>
internal sealed record TestModel(byte[] Stored, byte[] Manifest)
{
    public byte[] Id { get; } = SHA256.HashData(Manifest);

    public string IdHex => Convert.ToHexStringLower(Id);
}

/// <summary>Models that a publisher with an LMS key releases.</summary>
internal static class TestModels
{
    public const string Name = "trees";

    private static readonly ConcurrentDictionary<string, LmsPrivateKey> Keys = new();

    /// <summary>The fleet's publisher.</summary>
    public static LmsPrivateKey Key => KeyOf("publisher");

    public static byte[] PublicKey => Key.HssPublicKey();

    /// <summary>A publisher's key; the same one for the same name.</summary>
    public static LmsPrivateKey KeyOf(string name) => Keys.GetOrAdd(name, _ => LmsPrivateKey.Derive(
        LmsParameters.Product, SHA256.HashData(Encoding.UTF8.GetBytes(name + " id")).AsSpan(0, LmsPrivateKey.IdentifierBytes), SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 24)));

    /// <summary>A model with a self-test that it passes.</summary>
    public static TestModel Good(int version, Func<ManifestContent, ManifestContent>? change = null, LmsPrivateKey? key = null, int? leaf = null) =>
        Sign(Compile(version), version, change, key, leaf);

    /// <summary>A model that loads, but whose self-test gives something else.</summary>
    public static TestModel WithWrongSelfTest(int version)
    {
        byte[] model = Compile(version);
        int outputs = BitConverter.ToInt32(model, ModelFormat.Header.SelfTestOffset) + ModelFormat.SelfTestRecord.OutputsOffset;
        model[outputs] ^= 1;
        BitConverter.TryWriteBytes(model.AsSpan(model.Length - 4), Crc32.Compute(model, 0, model.Length - 4));
        return Sign(model, version, null, null, null);
    }

    /// <summary>Signs a stored model as version <paramref name="version"/>, with the leaf of that number unless another one is given.</summary>
    public static TestModel Sign(byte[] stored, int version, Func<ManifestContent, ManifestContent>? change, LmsPrivateKey? key, int? leaf)
    {
        ManifestContent content = ManifestContent.Of(stored, Name, version.ToString(System.Globalization.CultureInfo.InvariantCulture)) with { ChunkSize = 256 };
        return new TestModel(stored, ManifestBuilder.Build(change?.Invoke(content) ?? content, message =>
            (key ?? Key).HssSign((leaf ?? version) % ManifestFormat.LeafCount, message, SHA256.HashData(message).AsSpan(0, 24))));
    }

    private static byte[] Compile(int seed) => EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(seed))).Bytes;
}
