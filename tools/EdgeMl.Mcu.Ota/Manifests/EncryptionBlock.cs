using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>What a manifest says about an encrypted model: AES-128-CTR under a key that is used for this model only.</summary>
/// <param name="Nonce">12 bytes.</param>
/// <param name="KeyId">Which key, 8 bytes.</param>
public sealed record EncryptionBlock(byte[] Nonce, byte[] KeyId)
{
    /// <summary>The block of a model key and nonce. The name of the key is the first 8 bytes of its SHA-256.</summary>
    public static EncryptionBlock Of(byte[] key, byte[] nonce) => new(nonce, SHA256.HashData(key)[..ManifestFormat.KeyIdBytes]);
}
