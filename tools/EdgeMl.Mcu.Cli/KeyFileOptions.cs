using EdgeMl.Mcu.Cli.Output;
using EdgeMl.Mcu.Ota;
using EdgeMl.Mcu.Ota.Keys;
using EdgeMl.Mcu.Ota.Manifests;
using EdgeMl.Mcu.Toolchain.Data;

namespace EdgeMl.Mcu.Cli;

/// <summary>What the verbs on keys and manifests share.</summary>
internal static class KeyFileOptions
{
    /// <summary>The machine's own file operations.</summary>
    public static KeyFiles Files { get; } = new DiskFiles();

    /// <summary>Opens a publisher's private key, and warns where others can read it.</summary>
    public static PublisherKey Open(string path, Terminal terminal)
    {
        PublisherKey key = PublisherKey.Open(KeyPaths.Of(path), Files);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            terminal.Error.WriteLine($"warning: other users can read the private key '{path}'; 'chmod 600' it.");
        return key;
    }

    /// <summary>The public key in a .pub file, or of a private key file.</summary>
    public static (byte[] PublicKey, int Generation) ReadPublicKey(string path)
    {
        byte[] content = DataFile.ReadAllBytes(path);
        try
        {
            return PublicKeyFile.Read(content, path);
        }
        catch (OtaException) when (content.Length > 0 && content[0] == (byte)'{')
        {
            PublisherKey key = PublisherKey.Open(KeyPaths.Of(path), Files);
            return (key.PublicKey, key.Generation);
        }
    }

    /// <summary>How many signatures are left, with a warning where they are few.</summary>
    public static KeyUsage Usage(PublisherKey key, Terminal terminal)
    {
        KeyUsage usage = key.Usage();
        if (usage.IsLow && usage.Successor is null)
            terminal.Error.WriteLine($"warning: the key {key.Id} can sign {usage.Remaining} more manifests; 'edgeml keys rotate' makes the next key.");
        return usage;
    }

    /// <summary>What there is to say about a publisher's key.</summary>
    public static KeyDocument Describe(string path, PublisherKey key, KeyUsage usage) => new(
        path, "publisher", key.Id, Convert.ToHexStringLower(key.PublicKey), key.Generation, usage.Used, usage.Remaining,
        usage.Successor is null ? null : PublisherKey.IdOf(Convert.FromHexString(usage.Successor)));

    /// <summary>What there is to say about a manifest.</summary>
    public static ManifestDocument Describe(string path, SignedManifest manifest, byte[] publicKey, int? remaining, string? storedModel = null, string? modelKey = null) => new(
        path, Convert.ToHexStringLower(manifest.Id), PublisherKey.IdOf(publicKey), manifest.LeafNumber, remaining, manifest.Fields.Name, manifest.Fields.Version, manifest.Fields.Epoch,
        manifest.Fields.RuntimeAbi, manifest.Fields.RamBytes, Convert.ToHexStringLower(manifest.Fields.ModelId), manifest.Fields.Length, manifest.Fields.ChunkSize, manifest.Fields.ChunkCount,
        manifest.Expires, manifest.Fields.IsEncrypted, manifest.Labels, storedModel, modelKey);

    /// <summary>A manifest in a few lines.</summary>
    public static void Print(ManifestDocument document, string verb, Terminal terminal)
    {
        terminal.Output.WriteLine($"{verb} {document.Name} {document.Version}: manifest {document.Id[..16]}…, epoch {document.Epoch}, key {document.Key}, leaf {document.Leaf}");
        terminal.Output.WriteLine($"  {document.Length} bytes{(document.Encrypted ? ", encrypted" : "")} in {document.Chunks} chunks of {document.ChunkSize}, {document.RamBytes} bytes of RAM, runtime ABI {document.RuntimeAbi}");
        if (document.Expires is { } expires)
            terminal.Output.WriteLine($"  expires {expires:u}");
        foreach ((string name, string value) in document.Labels)
            terminal.Output.WriteLine($"  {name} = {value}");
    }
}
