using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Messages;

namespace EdgeMl.Mcu.Agent;

/// <summary>Keys that device and relay derive from the device key: HMAC-SHA256(device key, label). The one that wraps model keys is <see cref="Encryption.ModelKey"/>'s.</summary>
public static class DeviceKeys
{
    /// <summary>Bytes of a device key and of a derived key.</summary>
    public const int KeyBytes = HmacSha256.CodeBytes;

    /// <summary>Label of the broker's login.</summary>
    public const string LoginLabel = "edgeml mqtt 1";

    /// <summary>Label of the key of the envelopes.</summary>
    public const string MessageLabel = "edgeml message 1";

    /// <summary>Derives a key.</summary>
    /// <param name="deviceKey">Device key, <see cref="KeyBytes"/> bytes.</param>
    /// <param name="label">One of the labels, ASCII.</param>
    public static byte[] Derive(byte[] deviceKey, string label)
    {
        byte[] text = new byte[label.Length];
        for (int i = 0; i < text.Length; i++)
            text[i] = (byte)label[i];
        var mac = new HmacSha256();
        mac.SetKey(deviceKey, 0, deviceKey.Length);
        mac.Append(text, 0, text.Length);
        byte[] key = new byte[KeyBytes];
        mac.Finish(key, 0, KeyBytes);
        return key;
    }

    /// <summary>Password of a device at the broker, lower-case hexadecimal.</summary>
    /// <param name="deviceKey">Device key, <see cref="KeyBytes"/> bytes.</param>
    public static string Password(byte[] deviceKey)
    {
        return DeviceTopics.Hex(Derive(deviceKey, LoginLabel), 0, KeyBytes);
    }
}
