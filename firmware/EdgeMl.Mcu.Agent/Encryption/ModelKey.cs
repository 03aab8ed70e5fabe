using EdgeMl.Mcu.Agent.Crypto;

namespace EdgeMl.Mcu.Agent.Encryption;

/// <summary>
/// Model keys, wrapped for one device with AES key wrap (RFC 3394). The wrapping key is the first 16 bytes of HMAC-SHA256 of <see cref="Label"/> under the device's key.
/// Allocates nothing after construction. Not thread-safe.
/// </summary>
public sealed class ModelKey
{
    /// <summary>What the wrapping key is derived for.</summary>
    public const string Label = "edgeml model key 1";

    /// <summary>Bytes of a model key.</summary>
    public const int KeyBytes = Aes128.KeyBytes;

    /// <summary>Bytes of a wrapped model key.</summary>
    public const int WrappedBytes = AesKeyWrap.WrappedBytes;

    private readonly HmacSha256 _hmac = new HmacSha256();
    private readonly byte[] _label = new byte[Label.Length];
    private readonly byte[] _wrappingKey = new byte[Aes128.KeyBytes];
    private readonly Aes128 _cipher;
    private readonly AesKeyWrap _wrap;

    /// <summary>Creates an instance without a device's key.</summary>
    /// <param name="cipher">Is given the wrapping key for the time of each call, and keeps it until it gets another one.</param>
    public ModelKey(Aes128 cipher)
    {
        for (int i = 0; i < _label.Length; i++)
            _label[i] = (byte)Label[i];
        _cipher = cipher;
        _wrap = new AesKeyWrap(cipher);
    }

    /// <summary>Derives the wrapping key of a device.</summary>
    /// <param name="deviceKey">Holds the device's key; it is not kept.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="count">Its length; the bytes lie within <paramref name="deviceKey"/>.</param>
    public void SetDevice(byte[] deviceKey, int offset, int count)
    {
        _hmac.SetKey(deviceKey, offset, count);
        _hmac.Append(_label, 0, _label.Length);
        _hmac.Finish(_wrappingKey, 0, _wrappingKey.Length);
        _hmac.SetKey(_wrappingKey, 0, 0);
    }

    /// <summary>Wraps a model key for the device.</summary>
    /// <param name="key">Holds the key.</param>
    /// <param name="offset">Index of its first byte.</param>
    /// <param name="wrapped">Takes <see cref="WrappedBytes"/> bytes.</param>
    /// <param name="index">Where the first goes.</param>
    public void Wrap(byte[] key, int offset, byte[] wrapped, int index)
    {
        _cipher.SetKey(_wrappingKey, 0);
        _wrap.Wrap(key, offset, wrapped, index);
    }

    /// <summary>Unwraps a model key and gives it to the cipher, which then decrypts the model.</summary>
    /// <param name="wrapped">Holds the wrapped key's <see cref="WrappedBytes"/> bytes.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="key">Takes the key's <see cref="KeyBytes"/> bytes.</param>
    /// <param name="index">Where the first goes.</param>
    /// <returns>False where it was not wrapped for this device or is damaged; nothing is written then, and the cipher has no model's key.</returns>
    public bool TryUnwrap(byte[] wrapped, int offset, byte[] key, int index)
    {
        _cipher.SetKey(_wrappingKey, 0);
        if (!_wrap.Unwrap(wrapped, offset, key, index))
            return false;
        _cipher.SetKey(key, index);
        return true;
    }
}
