namespace EdgeMl.Mcu.Cli.Output;

/// <summary><c>keys new --json</c> and <c>keys show --json</c>.</summary>
/// <param name="File">The key file.</param>
/// <param name="Kind">publisher, publisher-public, device or model.</param>
/// <param name="Id">Name of the key.</param>
/// <param name="PublicKey">Public key in hex; null for a secret that has none.</param>
/// <param name="Generation">Number of publisher keys before it; null for other keys.</param>
/// <param name="Used">Leaves that are used up; null where it is not known here.</param>
/// <param name="Remaining">Manifests that can still be signed; null where it is not known here.</param>
/// <param name="Successor">Id of the key that this one has signed, or null.</param>
internal sealed record KeyDocument(string File, string Kind, string Id, string? PublicKey, int? Generation, int? Used, int? Remaining, string? Successor);

/// <summary><c>keys rotate --json</c></summary>
/// <param name="From">Id of the key before.</param>
/// <param name="To">The new key.</param>
/// <param name="Rotation">The file for relays and devices.</param>
internal sealed record RotationDocument(string From, KeyDocument To, string Rotation);

/// <summary><c>sign --json</c> and <c>keys verify --json</c>.</summary>
/// <param name="Manifest">The manifest file.</param>
/// <param name="Id">SHA-256 of the manifest, by which orders name it.</param>
/// <param name="Key">Id of the key.</param>
/// <param name="Leaf">Leaf number of the signature.</param>
/// <param name="Remaining">Manifests that the key can still sign; null where it is not known here.</param>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Epoch">Security epoch.</param>
/// <param name="RuntimeAbi">Runtime ABI that it needs.</param>
/// <param name="RamBytes">Arena, scratch and packed weights.</param>
/// <param name="ModelId">SHA-256 of the stored model.</param>
/// <param name="Length">Bytes of the stored model.</param>
/// <param name="ChunkSize">Bytes of a chunk.</param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="Expires">When it expires, or null.</param>
/// <param name="Encrypted">Whether the stored model is encrypted.</param>
/// <param name="Labels">Labels for people.</param>
/// <param name="StoredModel">File of the encrypted model that was written; null for none.</param>
/// <param name="ModelKey">File of its key that was written; null for none.</param>
internal sealed record ManifestDocument(
    string Manifest, string Id, string Key, int Leaf, int? Remaining, string Name, string Version, int Epoch, int RuntimeAbi, int RamBytes, string ModelId, int Length, int ChunkSize, int Chunks,
    DateTimeOffset? Expires, bool Encrypted, IReadOnlyDictionary<string, string> Labels, string? StoredModel, string? ModelKey);
