using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Ota.Tests;

/// <summary>Small models and what manifests say about them.</summary>
internal static class TestModels
{
    private static readonly Lazy<byte[]> Small = new(() => EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(3))).Bytes);

    /// <summary>A model of several chunks of the smallest size, with a self-test.</summary>
    public static byte[] Bytes => Small.Value;

    /// <summary>What a manifest says about <see cref="Bytes"/>.</summary>
    public static ManifestContent Content() => ManifestContent.Of(Bytes, "trees", "1.0.0") with { ChunkSize = 256 };
}
