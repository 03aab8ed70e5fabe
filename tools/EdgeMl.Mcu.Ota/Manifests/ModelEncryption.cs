namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>How a stored model is encrypted: AES-128-CTR under a key that is used for this model only.</summary>
/// <param name="Nonce">12 bytes.</param>
/// <param name="KeyId">Which key, 8 bytes.</param>
public sealed record ModelEncryption(byte[] Nonce, byte[] KeyId);
