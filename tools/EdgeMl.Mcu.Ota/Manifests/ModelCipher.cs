using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;

namespace EdgeMl.Mcu.Ota.Manifests;

/// <summary>Encrypts models with AES-128-CTR, each with a new key.</summary>
public static class ModelCipher
{
    /// <summary>Encrypts a model under a new random key and nonce.</summary>
    /// <param name="model">The bytes of its file, which stay as they are.</param>
    /// <returns>The ciphertext, as long as the model, and the key, which is secret.</returns>
    public static (byte[] Ciphertext, ModelKey Key) Encrypt(byte[] model)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(Aes128.KeyBytes);
        var key = new ModelKey(secret, new ModelEncryption(RandomNumberGenerator.GetBytes(ManifestFormat.EncryptionNonceBytes), IdOf(secret)));
        return (Apply(model, key), key);
    }

    /// <summary>Decrypts a model, or encrypts one: both are the same.</summary>
    public static byte[] Apply(byte[] bytes, ModelKey key)
    {
        byte[] result = [.. bytes];
        var cipher = new Aes128();
        cipher.SetKey(key.Secret, 0);
        var counter = new AesCtr(cipher);
        counter.SetNonce(key.Encryption.Nonce, 0);
        counter.Apply(result, 0, result.Length, 0);
        return result;
    }

    /// <summary>The name of a key: the first 8 bytes of its SHA-256.</summary>
    public static byte[] IdOf(byte[] secret) => SHA256.HashData(secret)[..ManifestFormat.KeyIdBytes];
}

/// <summary>A model key.</summary>
/// <param name="Secret">16 bytes.</param>
/// <param name="Encryption">What the manifest says about it.</param>
public sealed record ModelKey(byte[] Secret, ModelEncryption Encryption);
