using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Encryption;
using EdgeMl.Mcu.Agent.Manifests;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>Opens encrypted models of a device. Takes memory only while one is opened or open; a model key is nowhere but in RAM.</summary>
public sealed class ModelKeys
{
    private readonly byte[] _deviceKey;

    /// <summary>Creates it.</summary>
    /// <param name="deviceKey">Device key, which is kept.</param>
    public ModelKeys(byte[] deviceKey)
    {
        _deviceKey = deviceKey;
    }

    /// <summary>Whether a wrapped key is one for this device, and whole.</summary>
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
        Aes128 cipher = Unwrap(wrapped);
        if (cipher == null)
            return null;
        var mode = new AesCtr(cipher);
        mode.SetNonce(manifest.EncryptionNonce, 0);
        return new DecryptingSource(ciphertext, mode);
    }

    private Aes128 Unwrap(byte[] wrapped)
    {
        var cipher = new Aes128();
        var key = new ModelKey(cipher);
        key.SetDevice(_deviceKey, 0, _deviceKey.Length);
        return key.TryUnwrap(wrapped, 0, new byte[ModelKey.KeyBytes], 0) ? cipher : null;
    }
}
