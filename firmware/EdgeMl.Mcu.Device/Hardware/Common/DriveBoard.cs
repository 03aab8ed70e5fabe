using EdgeMl.Mcu.Agent.Storage;
using EdgeMl.Mcu.Device.Application;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Hardware.Network;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Device.Storage;
using EdgeMl.Mcu.Link.Ports;
using EdgeMl.Mcu.Runtime;

namespace EdgeMl.Mcu.Device.Hardware.Common;

/// <summary>A board with a drive and a network.</summary>
public abstract class DriveBoard : NanoBoard
{
    private readonly string _root;
    private readonly FileStore _store;
    private readonly LinkFiles _files;

    /// <summary>Creates it.</summary>
    /// <param name="root">Root folder of the drive, such as <c>I:\</c>.</param>
    protected DriveBoard(string root)
    {
        _root = root;
        _store = new DriveStore(root, EnergyRecord.File + 1);
        _files = new DriveFiles(root, DeviceConfiguration.FileName, ModelName, EconomyModelName);
    }

    /// <inheritdoc/>
    public override FileStore Store => _store;

    /// <inheritdoc/>
    public override LinkFiles Files => _files;

    /// <inheritdoc/>
    public override int ReadConfiguration(byte[] buffer)
    {
        ByteSource file = DriveSource.Open(_root + DeviceConfiguration.FileName);
        if (file == null)
            return -1;
        int count = file.Length < buffer.Length ? file.Length : buffer.Length;
        return file.Read(0, buffer, 0, count) ? file.Length : -1;
    }

    /// <inheritdoc/>
    public override ByteSource OpenModel(string name)
    {
        return DriveSource.Open(_root + name);
    }

    /// <inheritdoc/>
    public override MqttTransport OpenTransport(DeviceConfiguration configuration)
    {
        return new M2MqttTransport(configuration);
    }
}
