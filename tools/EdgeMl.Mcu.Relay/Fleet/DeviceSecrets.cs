using System.Text;
using EdgeMl.Mcu.Agent;
using EdgeMl.Mcu.Agent.Crypto;
using EdgeMl.Mcu.Agent.Encryption;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>The keys that are derived from a device key.</summary>
internal sealed class DeviceSecrets
{
    /// <summary>Bytes of a device key.</summary>
    public const int KeyBytes = DeviceKeys.KeyBytes;

    /// <summary>Derives the keys.</summary>
    public DeviceSecrets(byte[] deviceKey)
    {
        MessageKey = DeviceKeys.Derive(deviceKey, DeviceKeys.MessageLabel);
        WrappingKey = DeviceKeys.Derive(deviceKey, ModelKey.Label)[..Aes128.KeyBytes];
        Password = Encoding.ASCII.GetBytes(DeviceKeys.Password(deviceKey));
    }

    /// <summary>Of the envelopes.</summary>
    public byte[] MessageKey { get; }

    /// <summary>Wraps model keys.</summary>
    public byte[] WrappingKey { get; }

    /// <summary>Of the broker's login, in ASCII.</summary>
    public byte[] Password { get; }
}
