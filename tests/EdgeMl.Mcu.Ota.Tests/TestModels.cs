using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Testing;
using EdgeMl.Mcu.Toolchain.Emit;

namespace EdgeMl.Mcu.Ota.Tests;

/// <summary>The model of the test vectors and what manifests say about it.</summary>
internal static class TestModels
{
    /// <summary>Where the model is, below the repository's root.</summary>
    public const string Path = "docs/vectors/model.emlm";

    private static readonly Lazy<byte[]> Small = new(Read);

    /// <summary>A model of several chunks of the smallest size, with a self-test.</summary>
    public static byte[] Bytes => Small.Value;

    /// <summary>What a manifest says about <see cref="Bytes"/>.</summary>
    public static ManifestContent Content() => ManifestContent.Of(Bytes, "trees", "1.0.0") with { ChunkSize = 256 };

    /// <summary>Kept as a file: what the compiler makes of the same ensemble may change.</summary>
    private static byte[] Read()
    {
        string path = Repository.PathOf(Path);
        if (!File.Exists(path) && GeneratedFile.IsUpdating)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, EmlmCompiler.Compile(RandomTrees.Graph(RandomTrees.Create(3))).Bytes);
        }
        return File.ReadAllBytes(path);
    }
}
