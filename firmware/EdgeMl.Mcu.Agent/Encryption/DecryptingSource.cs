using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Encryption;

/// <summary>
/// The plaintext of a source that is encrypted with AES-128-CTR, decrypted while it is read, at any place. Allocates nothing for a read; neither the key nor more than
/// 16 bytes of key stream are kept beside the cipher. Nothing here tells a wrong key from the right one: what is read has to be verified. Not thread-safe.
/// </summary>
public sealed class DecryptingSource : ByteSource
{
    private readonly AesCtr _mode;
    private ByteSource _encrypted;

    /// <summary>Creates a source; all memory that it needs.</summary>
    /// <param name="encrypted">The ciphertext.</param>
    /// <param name="mode">Has key and nonce, and is used by nobody else as long as this source is read.</param>
    public DecryptingSource(ByteSource encrypted, AesCtr mode)
    {
        _encrypted = encrypted;
        _mode = mode;
    }

    /// <inheritdoc/>
    public override int Length => _encrypted.Length;

    /// <summary>Takes another ciphertext, for the same mode.</summary>
    public void Reset(ByteSource encrypted)
    {
        _encrypted = encrypted;
    }

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        if (!_encrypted.Read(offset, buffer, index, count))
            return false;
        _mode.Apply(buffer, index, count, offset);
        return true;
    }
}
