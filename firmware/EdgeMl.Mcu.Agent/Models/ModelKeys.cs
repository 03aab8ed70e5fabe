using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>Unwraps model keys with the device's wrapping key. A model key is nowhere but in RAM.</summary>
public sealed class ModelKeys
{
    private readonly byte[] _wrappingKey;

    /// <summary>Creates it.</summary>
    /// <param name="wrappingKey">The device's wrapping key, 16 bytes; it is kept.</param>
    public ModelKeys(byte[] wrappingKey)
    {
        _wrappingKey = wrappingKey;
    }

    /// <summary>Whether a key can be unwrapped, which tells too that it has not been changed.</summary>
    /// <param name="wrapped">The wrapped key.</param>
    public bool CanUnwrap(byte[] wrapped)
    {
        return Unwrap(wrapped) != null;
    }

    /// <summary>Opens an encrypted model.</summary>
    /// <param name="ciphertext">The stored model.</param>
    /// <param name="manifest">Its manifest, with the nonce.</param>
    /// <param name="wrapped">Its wrapped key.</param>
    /// <returns>The plaintext; null where the key cannot be unwrapped.</returns>
    public ByteSource Open(ByteSource ciphertext, Manifest manifest, byte[] wrapped)
    {
        byte[] key = Unwrap(wrapped);
        if (key == null)
            return null;
        var cipher = new Aes128();
        cipher.SetKey(key, 0);
        var mode = new AesCtr(cipher);
        mode.SetNonce(manifest.EncryptionNonce, 0);
        return new DecryptingSource(ciphertext, mode);
    }

    private byte[] Unwrap(byte[] wrapped)
    {
        var cipher = new Aes128();
        cipher.SetKey(_wrappingKey, 0);
        byte[] key = new byte[Aes128.KeyBytes];
        return new AesKeyWrap(cipher).Unwrap(wrapped, 0, key, 0) ? key : null;
    }
}
