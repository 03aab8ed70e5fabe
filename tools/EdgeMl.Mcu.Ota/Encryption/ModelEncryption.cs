using System.Security.Cryptography;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Encryption;

namespace EdgeMl.Mcu.Ota.Encryption;

/// <summary>
/// Encrypts models with AES-128-CTR (NIST SP 800-38A): counter blocks are the 12-byte nonce and a 32-bit big-endian block number from 0. A key is for one model only: who has two
/// ciphertexts of one key and nonce has the difference of the models. The ciphertext is as long as the model and proves nothing; the signed manifest has its hash.
/// </summary>
public static class ModelEncryption
{
    /// <summary>A new random model key.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(ModelKey.KeyBytes);

    /// <summary>A new random nonce.</summary>
    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(AesCtr.NonceBytes);

    /// <summary>Encrypts a model, or decrypts one, which is the same.</summary>
    /// <param name="model">The whole file; it stays as it is.</param>
    /// <param name="key">16 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <exception cref="ArgumentException">Key or nonce have another length.</exception>
    public static byte[] Encrypt(byte[] model, byte[] key, byte[] nonce)
    {
        Require(key, ModelKey.KeyBytes, nameof(key));
        Require(nonce, AesCtr.NonceBytes, nameof(nonce));
        var cipher = new Aes128();
        cipher.SetKey(key, 0);
        var mode = new AesCtr(cipher);
        mode.SetNonce(nonce, 0);
        byte[] result = [.. model];
        mode.Apply(result, 0, result.Length, 0);
        return result;
    }

    /// <summary>A model key wrapped for one device.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="deviceKey">The device's key.</param>
    /// <returns>24 bytes.</returns>
    /// <exception cref="ArgumentException">The key has another length, or the device's key has none.</exception>
    public static byte[] Wrap(byte[] key, byte[] deviceKey)
    {
        Require(key, ModelKey.KeyBytes, nameof(key));
        if (deviceKey.Length == 0)
            throw new ArgumentException("The device's key has no bytes.", nameof(deviceKey));
        var wrapping = new ModelKey(new Aes128());
        wrapping.SetDevice(deviceKey, 0, deviceKey.Length);
        var wrapped = new byte[ModelKey.WrappedBytes];
        wrapping.Wrap(key, 0, wrapped, 0);
        return wrapped;
    }

    private static void Require(byte[] bytes, int length, string name)
    {
        if (bytes.Length != length)
            throw new ArgumentException($"It has {bytes.Length} bytes, and must have {length}.", name);
    }
}
