using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Device.Configuration;

namespace EdgeMl.Mcu.Cli;

/// <summary>Makes the configuration file of a device.</summary>
internal static class DeviceConfigurationFile
{
    /// <summary>The file. What the device would refuse is refused here, by the device's own reader.</summary>
    /// <exception cref="UsageException">The device would not take it.</exception>
    public static byte[] Of(DeviceConfiguration configuration)
    {
        byte[] buffer = new byte[DeviceConfiguration.FileBytesMax];
        int length = new ConfigurationWriter().Write(configuration, buffer);
        if (length < 0)
            throw new UsageException($"The configuration is longer than the {buffer.Length} bytes that a device reads.", "Give only the one certificate that the broker's is signed with.");
        var reader = new ConfigurationReader();
        DeviceError error = reader.Read(buffer, length, out _);
        return error == DeviceError.None ? buffer[..length]
            : throw new UsageException($"The device would refuse the value of {Output.DeviceConfigurationDocument.NameOf(reader.FailedKey)}: error {(int)error}, {error}.", "docs/device.md has the range of each value.");
    }
}
