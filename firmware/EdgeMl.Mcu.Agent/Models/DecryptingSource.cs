using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Agent.Models;

/// <summary>The plaintext of a source that is encrypted with AES-128-CTR, decrypted as it is read.</summary>
public sealed class DecryptingSource : ByteSource
{
    private readonly ByteSource _ciphertext;
    private readonly AesCtr _mode;

    /// <summary>Creates the plaintext's source.</summary>
    /// <param name="ciphertext">The encrypted bytes, from the start of the key stream.</param>
    /// <param name="mode">Has the key and the nonce, and is used by nobody else meanwhile.</param>
    public DecryptingSource(ByteSource ciphertext, AesCtr mode)
    {
        _ciphertext = ciphertext;
        _mode = mode;
    }

    /// <inheritdoc/>
    public override int Length => _ciphertext.Length;

    /// <inheritdoc/>
    public override bool Read(int offset, byte[] buffer, int index, int count)
    {
        if (!_ciphertext.Read(offset, buffer, index, count))
            return false;
        _mode.Apply(buffer, index, count, offset);
        return true;
    }
}
