using System.Text;
using EdgeMl.Mcu.Agent;

namespace EdgeMl.Mcu.Relay.Fleet;

/// <summary>A device key, and the keys that are derived from it.</summary>
internal sealed class DeviceSecrets
{
    /// <summary>Bytes of a device key.</summary>
    public const int KeyBytes = DeviceKeys.KeyBytes;

    /// <summary>Derives the keys.</summary>
    public DeviceSecrets(byte[] deviceKey)
    {
        MessageKey = DeviceKeys.Derive(deviceKey, DeviceKeys.MessageLabel);
        DeviceKey = deviceKey;
        Password = Encoding.ASCII.GetBytes(DeviceKeys.Password(deviceKey));
    }

    /// <summary>Of the envelopes.</summary>
    public byte[] MessageKey { get; }

    /// <summary>From which the others are derived.</summary>
    public byte[] DeviceKey { get; }

    /// <summary>Of the broker's login, in ASCII.</summary>
    public byte[] Password { get; }
}
